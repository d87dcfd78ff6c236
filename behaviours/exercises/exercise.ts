// An exercise: what its solution does, and the step that it starts from does not.
import { ALL_STEPS, type Step } from "../steps.ts";
import type { World } from "../world.ts";

export interface ExerciseOptions {
  /** The environment of the server, besides PORT. */
  readonly env?: Record<string, string>;
  /** Source code that a Node server loads before it starts, such as a replaced Math.random. */
  readonly preload?: string;
  /** Whether it sends signals, which Windows does not have. */
  readonly signals?: boolean;
  /** Whether it inspects the server's process, so that no shell may start the server. */
  readonly process?: boolean;
  /** Whether it starts more servers of the same kind. */
  readonly starts?: boolean;
  /** Whether its servers share a log at a broker, which is started for it. */
  readonly broker?: boolean;
  /** The least patience that it needs, in milliseconds. */
  readonly patience?: number;
}

export interface Exercise extends ExerciseOptions {
  /** `6.2`, `r1.2`. Several behaviours may belong to one exercise. */
  readonly number: string;
  readonly step: Step;
  /** What the solution does, as the title of a behaviour: `counts the lines`. */
  readonly title: string;
  /** @throws {Unmet} When the server does not do it. */
  readonly run: (world: World) => Promise<void>;
}

/**
 * Makes an exercise. Its number names the step.
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
