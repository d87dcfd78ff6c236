// The table of behaviours: what a server of each step does, told as it is seen on the wire.
//
// The tests hold every behaviour against every step of its range, `just check` against any
// server in any language, and the matrix shows them all.
import { STEPS } from "../../scripts/steps.ts";
import type { World } from "./world.ts";

export interface Behaviour {
  readonly title: string;
  /** The numbers of the first and the last step in which it holds. */
  readonly from: number;
  readonly to: number;
  /** The page that explains it. */
  readonly page: string;
  /** It ends the server, or counts all who are there: it needs one of its own. */
  readonly own: boolean;
  /** A fault of these steps, which a later one mends. A server without it is better. */
  readonly defect: boolean;
  /** @throws {Unmet} When the server falls short of it. */
  readonly run: (world: World) => Promise<void>;
}

export const BEHAVIOURS: Behaviour[] = [];

interface Range {
  /** The slug of the step that brings it. */
  from: string;
  /** The slug of the last step that has it; without it, the last of all. */
  to?: string;
  own?: boolean;
  defect?: boolean;
}

/** Adds a behaviour to the table. Its page is that of the step that brings it. */
export function behaves(
  title: string,
  { from, to, own = false, defect = false }: Range,
  run: (world: World) => Promise<void>,
): void {
  BEHAVIOURS.push({
    title,
    from: numberOf(from),
    to: to === undefined ? STEPS.length : numberOf(to),
    page: `docs/${from}.md`,
    own,
    defect,
    run,
  });
}

function numberOf(slug: string): number {
  const step = STEPS.find((one) => one.slug === slug);
  if (step === undefined) throw new Error(`There is no step ${slug}`);
  return step.number;
}
