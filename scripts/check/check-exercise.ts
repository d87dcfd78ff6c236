// just check 12.1: checks a reader's solution against what the exercise requires.
import { relative } from "node:path";
import { type Behaviour, PLAIN } from "../../behaviours/behaviour.ts";
import type { Exercise } from "../../behaviours/exercises/exercise.ts";
import { EXERCISES } from "../../behaviours/exercises/table.ts";
import { dialectOf, ROOT } from "../../behaviours/steps.ts";
import { asCalled } from "../caller.ts";
import { Failure, UsageError } from "../cli.ts";
import { startBroker } from "../machines/broker.ts";
import { findProgram, type Program } from "../programs.ts";
import { nothingThere, waiting } from "./check-step.ts";
import { holdAll } from "./hold-all.ts";
import { Progress, paint, wrapped } from "./print.ts";
import { failure } from "./report.ts";
import type { Result } from "./result.ts";
import type { Target } from "./target.ts";

/**
 * Checks a server against what an exercise requires, and prints the result.
 *
 * @param solution Our solution, which identifies the exercise.
 * @returns The result of each of its behaviours.
 * @throws {UsageError} When this exercise, or this target, cannot be checked here.
 * @throws {Failure} When nothing listens there, or the server cannot be started.
 */
export async function checkExercise(
  solution: Program,
  { target, patience }: { target: Target; patience: number },
): Promise<readonly Result[]> {
  const asked = EXERCISES.filter(
    ({ number }) => findProgram(number).slug === solution.slug,
  );
  const [exercise] = asked;
  const { step } = solution;
  if (exercise === undefined || step === undefined) {
    const [, name = ""] = /^(.+?-\d)-/.exec(solution.slug) ?? [];
    throw new UsageError(
      `Cannot check ${name}: compare it with ours: just example ${name}`,
    );
  }
  const { number, broker, patience: least = 0 } = exercise;
  const results: Result[] = [];
  const progress = new Progress();
  const stop = await holdAll(asked.map(behaviourOf), {
    target: targetFor(exercise, target),
    step: dialectOf(step),
    patience: Math.max(patience, least),
    broker: broker ? startBroker : undefined,
    onWait: waiting(progress),
    onResult: (result) => {
      results.push(result);
      return false;
    },
  }).finally(() => progress.clear());
  if (stop === "not there") throw new Failure(nothingThere(target, `${number} `));
  console.log(`${target.name} as exercise ${number}, of ${step.slug}\n`);
  for (const result of results) {
    const { title } = result.behaviour;
    if (result.verdict === "fails") console.log(asCalled(failure(result)));
    else if (result.verdict === "not run") console.log(`? not run: ${title}`);
    else console.log(`${paint("green", "✓")} ${title}`);
  }
  console.log(`\n${wrapped(asCalled(nextFor(exercise, solution, results)), "  ")}`);
  return results;
}

function behaviourOf({ number, step, title, run }: Exercise): Behaviour {
  const page = `docs/${step.slug}.md, exercise ${number.split(".")[1]}`;
  const range = { from: dialectOf(step), to: dialectOf(step) };
  return { id: "", title, page, ...range, ...PLAIN, run };
}

/** The target with the environment that this exercise needs. */
function targetFor(exercise: Exercise, target: Target): Target {
  const { number, env = {}, preload, process: watched, signals, starts } = exercise;
  const needs = preload ?? watched ?? starts ?? exercise.broker ?? Object.keys(env)[0];
  if (needs === undefined) return target;
  if (target.kind === "running") {
    throw new UsageError(
      `Cannot check ${number} on a running server: the checker has to start it. ` +
        `Name its file: just check ${number} mine.ts`,
    );
  }
  if (watched && target.start.shell) {
    throw new UsageError(
      `Cannot check ${number} with --cmd: it inspects the server's process, but --cmd starts ` +
        `a shell. Name the file: just check ${number} mine.ts`,
    );
  }
  if (watched && !signals && process.platform !== "linux") {
    throw new UsageError(
      `Cannot check ${number} here: it reads /proc, which only Linux has`,
    );
  }
  const options = preload && `--import=data:text/javascript,${encodeURI(preload)}`;
  const more: Record<string, string> = options ? { NODE_OPTIONS: options } : {};
  return {
    ...target,
    start: { ...target.start, env: { ...target.start.env, ...env, ...more } },
  };
}

function nextFor(
  { number, preload }: Exercise,
  { file, slug }: Program,
  results: readonly Result[],
): string {
  const ours = `${relative(ROOT, file)}, or just example ${number}`;
  if (results.every(({ verdict }) => verdict === "holds")) {
    return `${paint("green", "It does what is asked.")} Ours, to compare with: ${ours}`;
  }
  const dice =
    preload === undefined
      ? ""
      : `For Node, the checker replaces Math.random: ${preload}. `;
  return `${paint("red", "Not yet.")} ${dice}The solution ${slug}: ${ours}`;
}
