// The programs beside the steps: asides, which prove a claim of a page, and the solutions
// of the exercises. And which program a person means.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ALL_STEPS, EXAMPLES, type Step } from "../behaviours/steps.ts";
import { Misuse } from "./cli.ts";
import { exactStep, listSteps } from "./find-step.ts";
import { typeScriptFlags } from "./install.mjs";

export interface Program {
  readonly kind: "step" | "aside" | "solution" | "rung";
  /** `08-chat`, `promise-race`, `06-1-count`, `17a-no-delay`. */
  readonly slug: string;
  /** The file to run. */
  readonly file: string;
  /** The step that it is, that it leads to, or whose exercise it solves. */
  readonly step: Step | undefined;
}

/** The program of a step. */
export function programOf(step: Step): Program {
  const file = join(step.folder, "server.ts");
  return { kind: "step", slug: step.slug, file, step };
}

/** The command that runs it, as a reader would: the words of a shell. */
export function commandOf({ file }: Pick<Program, "file">): string[] {
  return [process.execPath, ...typeScriptFlags(), file];
}

/** `examples/asides/<slug>.ts`, by name. */
export function asides(): Program[] {
  return filesIn("asides").map(({ slug, file }) => {
    return { kind: "aside", slug, file, step: undefined };
  });
}

/** `exercises/K-<slug>.ts` beside each step, by step and number. */
export function solutions(): Program[] {
  return ALL_STEPS.flatMap((step) =>
    filesIn(`${step.slug}/exercises`).map(({ slug, file }): Program => {
      return { kind: "solution", slug: `${step.slug.slice(0, 2)}-${slug}`, file, step };
    }),
  );
}

/** The servers between one step and the next: `rungs/17a-no-delay.ts` beside 17. */
export function rungs(): Program[] {
  return ALL_STEPS.flatMap((step) =>
    filesIn(`${step.slug}/rungs`).map((rung): Program => {
      return { kind: "rung", ...rung, step };
    }),
  );
}

/**
 * The program a person means: a step as in `findStep`, of the reactor chapter too; an
 * aside by its name or a part of it; a solution by `6.2`, `r1.2` or its name. A step comes first.
 *
 * @throws {Misuse} When none is meant, or more than one; the message lists what there is.
 */
export function findProgram(text: string): Program {
  const all = ALL_STEPS;
  const others = [...asides(), ...solutions(), ...rungs()];
  const exact = exactStep(text, all);
  if (exact) return programOf(exact);
  const solution = /^(\d{1,2}|r\d)\.(\d)$/.exec(text);
  const prefix = solution && `${solution[1]?.padStart(2, "0")}-${solution[2]}-`;
  const other = others.find(
    ({ slug }) => slug === text || (prefix !== null && slug.startsWith(prefix)),
  );
  if (other) return other;
  const has = ({ slug }: { slug: string }) => text !== "" && slug.includes(text);
  const steps = all.filter(has).map(programOf);
  const could = steps.length > 0 ? steps : asides().filter(has);
  const [only] = could;
  if (only && could.length === 1) return only;
  if (could.length > 1) {
    const names = could.map(({ slug }) => slug).join(" or ");
    throw new Misuse(`Cannot find the example: "${text}" could be ${names}`);
  }
  throw new Misuse(
    `Cannot find the example: there is no step "${text}", and no aside or solution. ` +
      listPrograms(all),
  );
}

function listPrograms(steps: readonly Step[]): string {
  const list = (title: string, programs: readonly Program[]) => {
    const names = wrap(programs.map(({ slug }) => slug));
    return programs.length === 0 ? "" : `\n${title}\n${names.join("\n")}`;
  };
  return (
    `The steps are\n${listSteps(steps)}` +
    list("The asides are", asides()) +
    list("The solutions, of which 6.1 stands for 06-1, are", solutions())
  );
}

/** The words in lines of at most 88 columns. */
function wrap(words: readonly string[]): string[] {
  const lines = [" "];
  for (const word of words) {
    const last = lines.at(-1) ?? "";
    if (last.length + word.length < 86) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines;
}

function filesIn(name: string): { slug: string; file: string }[] {
  const folder = join(EXAMPLES, name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .map((file) => ({ slug: file.replace(/\.ts$/, ""), file: join(folder, file) }));
}
