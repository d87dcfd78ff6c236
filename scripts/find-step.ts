// Finds the step that the user means.
import { ALL_STEPS, ideaOf, STEPS, type Step } from "../behaviours/steps.ts";
import { either, NotFound, UsageError } from "./cli.ts";

/**
 * The step named by `6`, `06`, `06-concurrent` or any part of its name that no other step has.
 *
 * @param among The steps to choose from; the eighteen by default.
 * @throws {UsageError} When it names more than one. @throws {NotFound} When it names none.
 */
export function findStep(text: string, among: readonly Step[] = STEPS): Step {
  const exact = exactStep(text, among);
  if (exact) return exact;
  const elsewhere = exactStep(text, ALL_STEPS);
  if (elsewhere) throw new UsageError(outOfPlace(elsewhere, among));
  // A number is not part of a name: "0" would match 10.
  const partly = NUMBER.test(text) ? [] : among.filter(({ slug }) => has(slug, text));
  const [only] = partly;
  if (only && partly.length === 1) return only;
  const problem = "Cannot find the step:";
  if (partly.length > 1) {
    throw new UsageError(`${problem} ${couldBe(text, partly)}\nSee all: just list steps`);
  }
  throw notFound(problem, text, among);
}

/** The step with this number (`6`, `06`, `r3`) or full name. */
export function exactStep(text: string, among: readonly Step[]): Step | undefined {
  const number = NUMBER.test(text) ? `${text.padStart(2, "0")}-` : undefined;
  return among.find(
    ({ slug }) => slug === text || (number !== undefined && slug.startsWith(number)),
  );
}

/** The name of a step on a command line: `6`, `r3`, `m2`. */
export function shortNameOf({ part, number, slug }: Step): string {
  return part === "chat" ? `${number}` : (slug.split("-")[0] ?? slug);
}

/** A step's number, as typed: `6`, `06`, `r3`. */
export const NUMBER = /^\d{1,2}$|^[rm]\d$/;

/** Whether a name contains this part. No name contains the empty part. */
export function has(slug: string, part: string): boolean {
  return part !== "" && slug.includes(part.toLowerCase());
}

/** `"names" could be 09-names or 11-free-names`: at most five names, and the number of others. */
export function couldBe(text: string, found: readonly { slug: string }[]): string {
  const names = found.slice(0, 5).map(({ slug }) => slug);
  const others = found.length - names.length;
  return `"${text}" could be ${either(others > 0 ? [...names, `${others} others`] : names)}`;
}

/** The error for an unknown step; a number gets the range of numbers. */
export function notFound(
  problem: string,
  text: string,
  among: readonly Step[],
  others: readonly string[] = [],
): NotFound {
  const isNumber = NUMBER.test(text) || /^-?\d/.test(text);
  const state = isNumber ? `; there are ${ranges(among)}` : "";
  const names = isNumber ? [] : [...among.map(({ slug }) => slug), ...others];
  const what = `${problem} there is no step "${text}"${state}`;
  return new NotFound(what, text, names, "just list steps");
}

/** `1 to 18, r1 to r4, and m1`. */
function ranges(among: readonly Step[]): string {
  const numbers = among.map(({ slug }) => slug.slice(0, slug.indexOf("-")));
  const parts = [/^\d/, /^r/, /^m/]
    .map((pattern) => numbers.filter((n) => pattern.test(n)))
    .filter((part) => part.length > 0)
    .map((part) => {
      const first = part[0]?.replace(/^0/, "");
      return part.length === 1 ? first : `${first} to ${part.at(-1)}`;
    });
  const last = parts.length > 1 ? `, and ${parts.pop()}` : "";
  return parts.join(", ") + last;
}

function outOfPlace({ slug, speaks }: Step, among: readonly Step[]): string {
  const state =
    speaks === "http" ? "it speaks HTTP" : "it is in another part of the book";
  const run = speaks === "http" ? `. Run it: just example ${slug.slice(0, 2)}` : "";
  return `Cannot use ${slug} here: ${state}, and this command is for ${ranges(among)}${run}`;
}

/** A line for each: its name, and its idea. */
export function listSteps(steps: readonly Step[] = STEPS): string {
  return steps.map((step) => `  ${step.slug.padEnd(16)} ${ideaOf(step)}`).join("\n");
}
