// A behaviour: what the servers of some steps do, as observed on the wire.
import { STEPS } from "./steps.ts";
import type { World } from "./world.ts";

export interface Behaviour {
  /** Its anchor on the page of behaviours: `lists-its-commands-on-connecting`. */
  readonly id: string;
  readonly title: string;
  /** The numbers of the first and the last step in which it holds. */
  readonly from: number;
  readonly to: number;
  /** The page that explains it, or the section of the RFC that requires it. */
  readonly page: string;
  /** The reason for our choice, where servers may differ. */
  readonly why?: string | undefined;
  /** What it is about, in a report that has a list for each subject. */
  readonly subject?: string;
  /** Whether it needs its own server, because it ends the server or counts all clients. */
  readonly own: boolean;
  /** Whether it is slow or heavy. Everyday runs leave it out. */
  readonly hostile: boolean;
  /** Whether it moves megabytes. Everyday tests check it only at the ends of its range. */
  readonly megabytes: boolean;
  /**
   * The flags that step 18 is started with, such as `--rate 0` where clients send more than users
   * do. It then needs its own server, shared only with behaviours that have the same flags.
   */
  readonly flags: readonly string[];
  /** The rung that adds it, in a step that has rungs: `18e`. */
  readonly rung?: string;
  /** Whether it is a defect of these steps, which a later step fixes. */
  readonly defect: boolean;
  /** Whether it is part of the greeting, with which nearly all others begin. */
  readonly greeting: boolean;
  /** @throws {Unmet} When the server does not do it. */
  readonly run: (world: World) => Promise<void>;
}

/** What most behaviours are not. */
export const PLAIN = {
  own: false,
  hostile: false,
  megabytes: false,
  flags: [],
  defect: false,
  greeting: false,
} as const;

interface Range {
  /** The slug of the step that adds it. */
  from: string;
  /** The slug of the last step that has it. The last step of all when undefined. */
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
 * Makes a behaviour. Its page is that of the step that adds it.
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

/** The command that starts a server for a behaviour. From step 18 on it has the flags. */
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
