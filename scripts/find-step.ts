// Which step the user means.
import { ideaOf, STEPS, type Step } from "../behaviours/steps.ts";
import { Misuse } from "./cli.ts";

/**
 * The step named by `6`, `06`, `06-concurrent` or any part of its name that no other step has.
 *
 * @param among The steps to choose from: the eighteen, if not given.
 * @throws {Misuse} When it names none, or more than one; the message lists the steps.
 */
export function findStep(text: string, among: readonly Step[] = STEPS): Step {
  const exact = exactStep(text, among);
  if (exact) return exact;
  const partly = among.filter((step) => text !== "" && step.slug.includes(text));
  const [only] = partly;
  if (only && partly.length === 1) return only;
  const problem =
    partly.length > 1
      ? `"${text}" could be ${partly.map((step) => step.slug).join(" or ")}`
      : `there is no step "${text}"`;
  throw new Misuse(
    `Cannot find the step: ${problem}. The steps are\n${listSteps(among)}`,
  );
}

/** The step whose number (`6`, `06`, `r3`) or whole name it is. */
export function exactStep(text: string, among: readonly Step[]): Step | undefined {
  const number = /^\d{1,2}$|^r\d$/.test(text) ? `${text.padStart(2, "0")}-` : undefined;
  return among.find(
    ({ slug }) => slug === text || (number !== undefined && slug.startsWith(number)),
  );
}

/** A line for each: its name, and its idea. */
export function listSteps(steps: readonly Step[] = STEPS): string {
  return steps.map((step) => `  ${step.slug.padEnd(16)} ${ideaOf(step)}`).join("\n");
}
