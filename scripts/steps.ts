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
  /** From 1. */
  readonly number: number;
  /** The folder's name: `06-concurrent`. */
  readonly slug: string;
  readonly folder: string;
}

/** All steps, in order. */
export const STEPS: readonly Step[] = readdirSync(EXAMPLES)
  .filter((name) => /^\d\d-/.test(name))
  .sort()
  .map((slug) => ({
    number: Number.parseInt(slug, 10),
    slug,
    folder: join(EXAMPLES, slug),
  }));

/**
 * The step a person means by `6`, `06`, `06-concurrent` or any part of its name that no
 * other step has.
 *
 * @throws {Misuse} When no step is meant, or more than one; the message lists the steps.
 */
export function findStep(text: string): Step {
  const number = /^\d{1,2}$/.test(text) ? Number(text) : undefined;
  const exact = STEPS.find((step) => step.number === number || step.slug === text);
  if (exact) return exact;
  const partly = STEPS.filter((step) => text !== "" && step.slug.includes(text));
  const [only] = partly;
  if (only && partly.length === 1) return only;
  const problem =
    partly.length > 1
      ? `"${text}" could be ${partly.map((step) => step.slug).join(" or ")}`
      : `there is no step "${text}"`;
  throw new Misuse(`Cannot find the step: ${problem}. The steps are\n${listSteps()}`);
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

function listSteps(): string {
  return STEPS.map((step) => `  ${step.slug.padEnd(16)} ${ideaOf(step)}`).join("\n");
}
