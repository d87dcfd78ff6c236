// The test of an exercise: its solution does what was asked, and the step itself does not.
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { Unmet } from "../../behaviours/client.ts";
import type { Exercise, ExerciseOptions } from "../../behaviours/exercises/exercise.ts";
import { startServer } from "../../behaviours/server.ts";
import { dialectOf, EXAMPLES, ROOT } from "../../behaviours/steps.ts";
import { World } from "../../behaviours/world.ts";
import { findNats, startBroker } from "../../scripts/machines/broker.ts";
import { findProgram, type Program } from "../../scripts/programs.ts";
import { ALL, needs } from "../requirements.ts";

/** Far more than anything takes: only what fails waits so long. In milliseconds. */
const PATIENCE = 15_000;
/** For the step without the solution, where silence is what is expected. */
const SHORT_PATIENCE = 1_500;

const hasSignals = process.platform !== "win32";

/** Makes two tests of each: see `solves`. */
export function holdsAll(exercises: readonly Exercise[]): void {
  for (const { number, step, title, run, ...options } of exercises) {
    if (options.signals && !hasSignals) {
      console.warn(`NOT RUN here: ${number}, which needs signals; Windows has none`);
      test.skip(`${number} needs signals, which Windows does not have`);
    } else if (
      options.broker &&
      !needs(ALL ? findNats() : undefined, `the exercise ${number}`, "nats-server")
    ) {
      test.skip(`${number} needs a broker: just test --all`);
    } else solves(number, step.slug, title, run, options);
  }
}

/**
 * Makes two tests of an exercise: the behaviour holds with the server of its solution, and
 * does not hold with that of the step.
 *
 * @param exercise As it is named for `just example`: `6.2`, or `06.2`.
 * @param slug The step that it begins from: `06-concurrent`.
 * @param asked What the solution does, as the title of a behaviour: `counts who is there`.
 * @param behaviour Throws `Unmet` when the server falls short; the step's server must make
 * it do so, and any other error fails the test.
 */
export function solves(
  exercise: string,
  slug: string,
  asked: string,
  behaviour: (world: World) => Promise<void>,
  options: ExerciseOptions = {},
): void {
  const solution = findProgram(exercise);
  const step = findProgram(slug);
  if (solution.kind !== "solution" || solution.step?.slug !== slug) {
    throw new Error(`Cannot test ${exercise}: it is no solution of ${slug}`);
  }
  describe.concurrent(solution.slug, () => {
    test(asked, async () => {
      const { unmet, report } = await holds(solution, behaviour, PATIENCE, options);
      if (unmet)
        throw new Error(`${solution.slug} does not: ${unmet.message}\n${report}`);
    });

    test(`${asked}: ${slug} does not`, async () => {
      const patience = Math.max(SHORT_PATIENCE, options.patience ?? 0);
      const { unmet, report } = await holds(step, behaviour, patience, options);
      if (unmet) return;
      throw new Error(`${slug} does it too: this tests nothing\n${report}`);
    });
  });
}

/**
 * Makes a test of an exercise: a server that does only a part of what is asked falls short of it.
 *
 * @param wrong What the server does instead, as the name of the test.
 * @param begin The program, `02-serial` or `6.1`, of which it is a copy with these replacements.
 * @param got Matches what the check says that the server did.
 */
export function catches(
  { number, step, title, run, ...options }: Exercise,
  wrong: string,
  { begin, edits, got }: { begin: string; edits: Edits; got: RegExp },
): void {
  test.concurrent(`${number} ${title}: not if it ${wrong}`, async () => {
    const original = findProgram(begin);
    let source = readFileSync(builtOf(original), "utf8");
    for (const [from, to] of edits) {
      if (!source.includes(from)) throw new Error(`${begin} has no: ${from}`);
      source = source.replace(from, () => to);
    }
    const file = original.file.replace(/\.ts$/, `-${wrong.replace(/\W+/g, "-")}.ts`);
    writeFileSync(builtOf({ file }), source);
    const program = { ...original, file };
    const patience = Math.max(SHORT_PATIENCE, options.patience ?? 0);
    const { unmet, report } = await holds(program, run, patience, options);
    expect(`${unmet?.got}`, report).toMatch(got);
  });
}

/** The first exercise with this number, or with this title. */
export function named(text: string, exercises: readonly Exercise[]): Exercise {
  const found = exercises.find(({ number, title }) => [number, title].includes(text));
  if (found === undefined) throw new Error(`There is no exercise ${text}`);
  return found;
}

/** Texts of a program as JavaScript, and what replaces each. */
type Edits = readonly (readonly [from: string, to: string])[];

/** The JavaScript of a program. */
function builtOf({ file }: Pick<Program, "file">): string {
  return join(inject("built"), relative(EXAMPLES, file).replace(/ts$/, "js"));
}

/**
 * Plays a behaviour with a server of its own.
 *
 * @returns What the server fell short of, if it did, and what was sent and seen.
 * @throws whatever else than `Unmet` the behaviour throws.
 */
export async function holds(
  program: Program,
  behaviour: (world: World) => Promise<void>,
  patience: number,
  { env = {}, preload, broker: needsBroker }: ExerciseOptions = {},
): Promise<{ unmet: Unmet | undefined; report: string }> {
  const flags = preload ? ["--import", `data:text/javascript,${preload}`] : [];
  const command = [process.execPath, ...flags, builtOf(program)];
  const broker = needsBroker ? await startBroker() : undefined;
  const where = broker && { BROKER: broker.address };
  const start = (more: Record<string, string> = {}) =>
    startServer({ command, env: { ...env, ...where, ...more } });
  const server = await start();
  const world = new World({
    server,
    start,
    broker,
    step: program.step ? dialectOf(program.step) : 0,
    patience,
  });
  let unmet: Unmet | undefined;
  try {
    await behaviour(world);
  } catch (error) {
    if (!(error instanceof Unmet)) throw error;
    unmet = error;
  } finally {
    world.close();
    server.process.kill("SIGKILL");
    await server.process.ended;
    await world.end();
    await broker?.remove();
  }
  return { unmet, report: [...world.transcript, server.process.output()].join("\n") };
}

/** The solutions that the text of a test names: `solves("06.2", …)`, `tests("06.3")`. */
export function solutionsNamedIn(file: string): string[] {
  const source = readFileSync(join(ROOT, file), "utf8");
  return Array.from(
    source.matchAll(/^(?:solves|describe|test)\(\s*"((?:\d{1,2}|[rm]\d)\.\d)[" ]/gm),
    ([, exercise = ""]) => findProgram(exercise).slug,
  );
}
