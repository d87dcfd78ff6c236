// An exercise: what its solution does, and the step that it begins from does not.
import { ALL_STEPS, type Step } from "../steps.ts";
import type { World } from "../world.ts";

export interface ExerciseOptions {
  /** The environment of the server, beside PORT. */
  readonly env?: Record<string, string>;
  /** Source that a server in Node loads before it begins, such as a loaded Math.random. */
  readonly preload?: string;
  /** It sends signals, which Windows does not have. */
  readonly signals?: boolean;
  /** It looks at the server's process: no shell may stand in between. */
  readonly process?: boolean;
  /** It starts more servers of the same kind. */
  readonly starts?: boolean;
  /** Its servers share a log at a broker, which is started for it. */
  readonly broker?: boolean;
  /** How long what must come takes at the least, in milliseconds. */
  readonly patience?: number;
}

export interface Exercise extends ExerciseOptions {
  /** `6.2`, `r1.2`; one may be asked in two behaviours. */
  readonly number: string;
  readonly step: Step;
  /** What the solution does, as the title of a behaviour: `counts the lines`. */
  readonly title: string;
  /** @throws {Unmet} When the server falls short of it. */
  readonly run: (world: World) => Promise<void>;
}

/**
 * Makes an exercise of the step that its number names.
 *
 * @throws {Error} When there is no such step.
 */
export function exercise(
  number: string,
  title: string,
  run: (world: World) => Promise<void>,
  options: ExerciseOptions = {},
): Exercise {
  const [of = ""] = number.split(".");
  const step = ALL_STEPS.find(({ slug }) => slug.startsWith(`${of.padStart(2, "0")}-`));
  if (step === undefined) throw new Error(`There is no step ${of}`);
  return { ...options, number, step, title, run };
}
