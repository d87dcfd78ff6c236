// The steps: which there are, where they stand, and which one a person means.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Misuse } from "./cli.ts";

/** The folder that holds the repository. */
export const ROOT = fileURLToPath(new URL("../", import.meta.url));
/** The folder that holds the examples. */
export const EXAMPLES = join(ROOT, "examples");

export interface Step {
  /** From 1, in its part of the book. */
  readonly number: number;
  /** The folder's name: `06-concurrent`, `r3-epoll`. */
  readonly slug: string;
  readonly folder: string;
}

/** The eighteen steps, in order. */
export const STEPS: readonly Step[] = stepsNamed(/^\d\d-/);
/** Those of the chapter on reactors: `r1-blocking` and on. */
export const REACTOR_STEPS: readonly Step[] = stepsNamed(/^r\d-/);

function stepsNamed(pattern: RegExp): Step[] {
  return readdirSync(EXAMPLES)
    .filter((name) => pattern.test(name))
    .sort()
    .map((slug) => ({
      number: Number.parseInt(slug.replace("r", ""), 10),
      slug,
      folder: join(EXAMPLES, slug),
    }));
}

/**
 * The step a person means by `6`, `06`, `06-concurrent` or any part of its name that no
 * other step has.
 *
 * @param among The steps that there are to choose from: the eighteen, if not told.
 * @throws {Misuse} When no step is meant, or more than one; the message lists the steps.
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

/** What the first line of a step's server says of it, after its name. */
export function ideaOf(step: Step): string {
  const source = readFileSync(join(step.folder, "server.ts"), "utf8");
  const [first = ""] = source.split("\n");
  return first.replace(`// ${step.slug}: `, "");
}

/** The files that make a step, as far as it has them. */
export function filesOf(step: Step): string[] {
  return ["server.ts", "help.txt"].filter((file) => existsSync(join(step.folder, file)));
}

/** A line for each: its name, and its idea. */
export function listSteps(steps: readonly Step[] = STEPS): string {
  return steps.map((step) => `  ${step.slug.padEnd(16)} ${ideaOf(step)}`).join("\n");
}
