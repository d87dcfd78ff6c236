// What `just check` was asked to check. Its arguments may come in any order.
import { existsSync } from "node:fs";
import { ALL_STEPS, type Step } from "../../behaviours/steps.ts";
import { UsageError } from "../cli.ts";
import { exactStep, findStep, has } from "../find-step.ts";
import { type Program, solutions } from "../programs.ts";
import { isFile } from "./target.ts";

interface Asked {
  /** The step to check against. Undefined for all steps. */
  readonly step: Step | undefined;
  /** Our solution of the exercise to check. */
  readonly exercise: Program | undefined;
  /** The reader's file, which the checker starts. */
  readonly file: string | undefined;
}

/**
 * Parses the arguments.
 *
 * @param words A step or an exercise, and a file, each at most once.
 * @throws {UsageError} When there is no such step, exercise or file, or more than one.
 */
export function readAsked(words: readonly string[]): Asked {
  let [step, exercise, file]: [Step?, Program?, string?] = [];
  for (const word of words) {
    if (/^(\d{1,2}|[rm]\d)\.\d+$/.test(word)) {
      if (step ?? exercise)
        throw new UsageError(`Cannot check two things at once: ${word}`);
      exercise = exerciseNamed(word);
    } else if (isFile(word)) {
      if (file !== undefined)
        throw new UsageError(`Cannot check two files at once: ${word}`);
      file = word;
    } else if (/\.\w+$|[/\\]/.test(word)) {
      throw new UsageError(`Cannot check ${word}: there is no such file`);
    } else {
      if (step ?? exercise) {
        if (isStep(word)) throw new UsageError(`Cannot check two steps at once: ${word}`);
        const state = existsSync(word) ? "it is a folder" : "there is no such file";
        throw new UsageError(`Cannot check ${word}: ${state}`);
      }
      step = findStep(word, ALL_STEPS);
    }
  }
  return { step, exercise, file };
}

/** Whether a word names a step, or could name several. */
function isStep(word: string): boolean {
  return (
    exactStep(word, ALL_STEPS) !== undefined ||
    ALL_STEPS.some(({ slug }) => has(slug, word))
  );
}

/** The solution of the exercise named by `6.2` or `r1.2`. */
function exerciseNamed(word: string): Program {
  const [of = "", number] = word.split(".");
  const prefix = of.padStart(2, "0");
  const all = solutions().filter(({ slug }) => slug.startsWith(`${prefix}-`));
  const found = all.find(({ slug }) => slug.startsWith(`${prefix}-${number}-`));
  if (found) return found;
  const there = all.map((_, at) => `${of}.${at + 1}`).join(", ");
  const has = there === "" ? "there is no such step" : `step ${of} has ${there}`;
  throw new UsageError(`Cannot find the exercise ${word}: ${has}`);
}
