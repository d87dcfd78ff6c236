// The programs besides the steps: asides, which demonstrate a claim on a page, the solutions of
// the exercises, and rungs. Finds the program that the user means.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ALL_STEPS, EXAMPLES, type Step } from "../behaviours/steps.ts";
import { NotFound, UsageError } from "./cli.ts";
import { couldBe, exactStep, has, NUMBER, notFound } from "./find-step.ts";
import { typeScriptFlags } from "./install.mjs";

export interface Program {
  readonly kind: "step" | "aside" | "solution" | "rung" | "file";
  /** `08-chat`, `promise-race`, `06-1-count`, `17a-no-delay`; a file as the user named it. */
  readonly slug: string;
  /** The file to run. */
  readonly file: string;
  /**
   * The step itself, the step that a rung leads to, the step whose exercise it solves, or the one
   * in whose folder the file is.
   */
  readonly step: Step | undefined;
}

/** The program of a step. */
export function programOf(step: Step): Program {
  const file = join(step.folder, "server.ts");
  return { kind: "step", slug: step.slug, file, step };
}

/** Whether it shares a log at a broker with other servers. BROKER has the broker's address. */
export function sharesLog({ file }: Pick<Program, "file">): boolean {
  return /\bBROKER\b/.test(readFileSync(file, "utf8"));
}

/** The command that runs it, as a list of arguments. */
export function commandOf({ file }: Pick<Program, "file">): string[] {
  return [process.execPath, ...typeScriptFlags(), file];
}

/** The asides, `examples/asides/<slug>.ts`, sorted by name. */
export function asides(): Program[] {
  return filesIn("asides").map(({ slug, file }) => {
    return { kind: "aside", slug, file, step: undefined };
  });
}

/** The solutions, `exercises/K-<slug>.ts` in each step, sorted by step and number. */
export function solutions(): Program[] {
  return ALL_STEPS.flatMap((step) =>
    filesIn(`${step.slug}/exercises`).map(({ slug, file }): Program => {
      return { kind: "solution", slug: `${step.slug.slice(0, 2)}-${slug}`, file, step };
    }),
  );
}

/** The servers between one step and the next: `rungs/17a-no-delay.ts` in 17. */
export function rungs(): Program[] {
  return ALL_STEPS.flatMap((step) =>
    filesIn(`${step.slug}/rungs`).map((rung): Program => {
      return { kind: "rung", ...rung, step };
    }),
  );
}

/**
 * The user's own file, if the text names one: `examples/01-echo/mine.ts`.
 *
 * @throws {UsageError} When there is no such file, or it is in another language.
 */
export function findFile(text: string): Program | undefined {
  const file = resolve(text);
  if (!/\.[cm]?[jt]s$/.test(text)) {
    if (!/\.\w+$/.test(text) || !existsSync(file)) return undefined;
    throw new UsageError(
      `Cannot run ${text}: it is neither TypeScript nor JavaScript. Check it with: ` +
        `just check N --cmd "COMMAND"`,
    );
  }
  if (!existsSync(file))
    throw new UsageError(`Cannot run ${text}: there is no such file`);
  const step = ALL_STEPS.find(({ folder }) => folder === dirname(file));
  return { kind: "file", slug: text, file, step };
}

/** The rung named by `17a` or by its full name; undefined when there is none. */
export function findRung(text: string): Program | undefined {
  return rungs().find(({ slug }) => slug === text || slug.startsWith(`${text}-`));
}

/**
 * The program that the user means: a step of any part, as in `findStep`; an aside by its name or
 * a part of it; a solution by `6.2`, `r1.2` or its name. Steps take precedence.
 *
 * @throws {UsageError} When more than one is meant. @throws {NotFound} When none is.
 */
export function findProgram(text: string): Program {
  const others = [...asides(), ...solutions(), ...rungs()];
  const exact = exactStep(text, ALL_STEPS);
  if (exact) return programOf(exact);
  const other =
    others.find(({ slug }) => slug === text) ?? findRung(text) ?? findSolution(text);
  if (other) return other;
  const isNumber = NUMBER.test(text);
  const steps = ALL_STEPS.filter(({ slug }) => !isNumber && has(slug, text));
  const could =
    steps.length > 0
      ? steps.map(programOf)
      : asides().filter(({ slug }) => !isNumber && has(slug, text));
  const [only] = could;
  if (only && could.length === 1) return only;
  const problem = "Cannot find the example:";
  if (could.length > 1) {
    const all = steps.length > 0 ? "steps" : "asides";
    throw new UsageError(`${problem} ${couldBe(text, could)}\nSee all: just list ${all}`);
  }
  const names = others.map(({ slug }) => slug);
  throw notFound(problem, text, ALL_STEPS, names);
}

/**
 * The solution named by `6.2` or by its full name; undefined when the text has another form.
 *
 * @throws {NotFound} When that step has no such exercise.
 */
export function findSolution(text: string): Program | undefined {
  const named = solutions().find(({ slug }) => slug === text);
  if (named) return named;
  const [, number = "", exercise] = /^(\d{1,2}|[rm]\d)\.(\w*)$/.exec(text) ?? [];
  const step = exactStep(number, ALL_STEPS);
  if (!step) return undefined;
  const mine = solutions().filter((one) => one.step === step);
  const found = mine.find(({ slug }) =>
    slug.startsWith(`${slug.slice(0, 2)}-${exercise}-`),
  );
  if (found) return found;
  const names = mine.map(({ slug }) => {
    const [, exercise, ...words] = slug.split("-");
    return `${number.replace(/^0/, "")}.${exercise} ${words.join("-")}`;
  });
  const state = names.length > 0 ? names.join(", ") : "no solution";
  const problem = `Cannot find the example: there is no ${text}; ${step.slug} has ${state}`;
  throw new NotFound(problem, "", [], "just list solutions");
}

function filesIn(name: string): { slug: string; file: string }[] {
  const folder = join(EXAMPLES, name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .map((file) => ({ slug: file.replace(/\.ts$/, ""), file: join(folder, file) }));
}
