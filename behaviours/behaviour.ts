// A behaviour: what a server of some steps does, as it is seen on the wire.
import { STEPS } from "./steps.ts";
import type { World } from "./world.ts";

export interface Behaviour {
  /** Where it stands on the page of the behaviours: `lists-its-commands-on-connecting`. */
  readonly id: string;
  readonly title: string;
  /** The numbers of the first and the last step in which it holds. */
  readonly from: number;
  readonly to: number;
  /** The page that explains it. */
  readonly page: string;
  /** It ends the server, or counts everyone connected: it needs a server of its own. */
  readonly own: boolean;
  /** Slow or heavy: the runs that are for every day leave it out. */
  readonly hostile: boolean;
  /** It moves megabytes: the tests for every day hold it against the ends of its range only. */
  readonly megabytes: boolean;
  /**
   * What step 18 is started with for it, such as `--rate 0` where clients say more than people
   * do. It needs a server of its own then, unless others need the same.
   */
  readonly flags: readonly string[];
  /** Of a step that is climbed by rungs, the one that brings it: `18e`. */
  readonly rung?: string;
  /** A fault of these steps, which a later one fixes. A server without it is better. */
  readonly defect: boolean;
  /** Part of the greeting, with which nearly all others begin. */
  readonly greeting: boolean;
  /** @throws {Unmet} When the server falls short of it. */
  readonly run: (world: World) => Promise<void>;
}

interface Range {
  /** The slug of the step that brings it. */
  from: string;
  /** The slug of the last step that has it; without it, the last of all. */
  to?: string;
  own?: boolean;
  hostile?: boolean;
  megabytes?: boolean;
  flags?: readonly string[];
  rung?: string;
  defect?: boolean;
  greeting?: boolean;
}

/**
 * Makes a behaviour. Its page is that of the step that brings it.
 *
 * @throws {Error} When there is no such step.
 */
export function behaves(
  title: string,
  {
    from,
    to,
    own = false,
    hostile = false,
    megabytes = false,
    flags = [],
    rung,
    defect = false,
    greeting = false,
  }: Range,
  run: (world: World) => Promise<void>,
): Behaviour {
  return {
    id: anchorOf(title),
    title,
    from: numberOf(from),
    to: to === undefined ? STEPS.length : numberOf(to),
    page: `docs/${from}.md`,
    own,
    hostile,
    megabytes,
    flags,
    ...(rung !== undefined && { rung }),
    defect,
    greeting,
    run,
  };
}

function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
}

/** The words that start a server for a behaviour: from step 18 on they have its flags. */
export function commandFor(
  { flags }: Behaviour,
  step: number,
  command: readonly string[],
): readonly string[] {
  return step < STEPS.length || flags.length === 0 ? command : [...command, ...flags];
}

function numberOf(slug: string): number {
  const step = STEPS.find((one) => one.slug === slug);
  if (step === undefined) throw new Error(`There is no step ${slug}`);
  return step.number;
}
