// just simulate: a step on a simulated machine, with many seeds: delays, stalls, resets.
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Step } from "../../behaviours/steps.ts";
import { asCalled } from "../caller.ts";
import { isPath } from "../check/target.ts";
import {
  Failure,
  INTERRUPTED,
  misuse,
  NotFound,
  readOptions,
  run,
  UsageError,
} from "../cli.ts";
import { findStep } from "../find-step.ts";
import { progress } from "../progress.ts";
import { Pool, SeedFailure } from "../simulate/explore/pool.ts";
import { fallenText, findingText, Summary } from "../simulate/explore/summary.ts";
import { WEATHERS } from "../simulate/kernel/weather.ts";
import { link } from "../simulate/loader/link.ts";
import { BadSyntax } from "../simulate/loader/source.ts";
import { readNatives } from "../simulate/node/natives.ts";

const USAGE = `
just simulate STEP [FILE] [options]

Runs a step, unchanged, on a simulated machine in which every delay comes from a seed. Each
seed draws the weather of the network and a session of clients that talk, rename, change
rooms, stall and reset; then it checks that nothing was lost, doubled, reordered or delivered
to another room, and that names and rooms are free at the end. It also checks some behaviours
of the step. The same seed always gives the same run. FILE is your own server in place of the
step's: a copy that you have edited.

  just simulate 18                     500 seeds of the finished chat
  just simulate 18 --seeds 10000       more of them
  just simulate 10 --seed 6            one seed, and the session that it breaks
  just simulate 18 mine.ts             your copy of step 18

  -n, --seeds N       how many seeds (500)
  -s, --seed S        this seed only
  -w, --weather NAME  ${WEATHERS.map(({ name }) => name).join(", ")};
                      without it, each seed draws one
  -t, --threads N     how many threads (one for each core)
  -h, --help          prints this
`;
const MOST = 100_000_000;

await run(async () => {
  const { values, positionals } = readOptions(USAGE, {
    options: {
      seeds: { type: "string", short: "n" },
      seed: { type: "string", short: "s" },
      weather: { type: "string", short: "w" },
      threads: { type: "string", short: "t", default: `${availableParallelism()}` },
    },
  });
  const [one, other, ...more] = positionals;
  if (one === undefined || more.length > 0) {
    throw misuse("Cannot simulate: name one step", USAGE);
  }
  const isTurned = other !== undefined && isPath(one) && !isPath(other);
  const [name, file] = isTurned ? [other, one] : [one, other];
  const step = findStep(name);
  const { weather } = values;
  const weathers = WEATHERS.map((one) => one.name);
  if (weather !== undefined && !weathers.includes(weather)) {
    const problem = `Cannot simulate the weather "${weather}": there is no such weather`;
    throw new NotFound(problem, weather, weathers, "just simulate --help");
  }
  const edits = file === undefined ? [] : [editOf(step, file)];
  if (values.seed !== undefined && values.seeds !== undefined)
    throw new UsageError("Cannot use --seeds with --seed, which is one seed: choose one");
  const seed =
    values.seed === undefined ? undefined : wholeNumber("seed", values.seed, 0);
  const count = seed === undefined ? wholeNumber("seeds", values.seeds ?? "500", 1) : 1;
  const threads = Math.min(count, wholeNumber("threads", values.threads, 1));
  const isOne = seed !== undefined;
  const words = [
    step.number,
    ...(file ? [file] : []),
    ...(weather ? ["-w", weather] : []),
  ];
  const call = `just simulate ${words.join(" ")}`;
  readNatives();
  const pool = new Pool(threads, { step: step.number, weather, edits });
  const interrupt = () => {
    progress("");
    process.exit(INTERRUPTED);
  };
  process.on("SIGINT", interrupt);
  try {
    return await explore(pool, { step, call, first: seed ?? 1, count, isOne });
  } catch (error) {
    if (!(error instanceof SeedFailure)) throw error;
    const again = `again: ${call} --seed ${error.seed}`;
    throw new Failure(`Cannot go on at seed ${error.seed}: ${error.message}\n${again}`);
  } finally {
    progress("");
    process.off("SIGINT", interrupt);
    await pool.end();
  }
});

interface Plan {
  readonly step: Step;
  /** The command, without a seed. */
  readonly call: string;
  readonly first: number;
  readonly count: number;
  /** Whether the user asked for one seed. What it breaks is then shown even if it is known. */
  readonly isOne: boolean;
}

/** Explores seeds, and reports what they show. @returns The exit code. */
async function explore(pool: Pool, plan: Plan): Promise<number> {
  const { call, first, count, isOne } = plan;
  const { number, slug } = plan.step;
  const summary = new Summary(number);
  const rules: string[] = [];
  const seeds = Array.from({ length: count }, (_, index) => first + index).values();
  await pool.explore(seeds, (report) => {
    const isNew = summary.add(report);
    if (isOne) rules.push(...report.broken.map(({ rule }) => rule));
    progress(summary.progress(count));
    return isNew;
  });
  progress("");
  const { failure } = summary;
  const broken = failure?.broken.filter(({ since }) => since <= number) ?? [];
  // The rule that breaks first explains the others.
  const show = isOne ? rules : broken.slice(0, 1).map(({ rule }) => rule);
  const seed = failure?.seed ?? first;
  for (const rule of show) {
    progress("looking for the shortest session that shows it …");
    const finding = await pool.shrink(seed, rule);
    progress("");
    console.log(`${asCalled(findingText(slug, number, finding))}\n`);
  }
  if (show.length > 0) console.log(asCalled(`again: ${call} --seed ${seed}\n`));
  if (failure?.fallen.length) console.log(asCalled(fallenText(slug, failure, call)));
  if (!isOne || show.length === 0) {
    for (const line of summary.lines(slug)) console.log(asCalled(line));
  }
  return failure === undefined ? 0 : 1;
}

/** The user's server in place of the step's. @throws {UsageError} When it cannot run. */
function editOf(step: Step, file: string): readonly [string, string] {
  if (!existsSync(file))
    throw new UsageError(`Cannot read ${file}: there is no such file`);
  if (!/\.[mc]?[jt]s$/.test(file)) {
    const problem = `Cannot simulate ${file}: it must be TypeScript or JavaScript`;
    const other = `In another language: just check ${step.number} ${file}`;
    throw new UsageError(`${problem}\n${other}`);
  }
  const text = readFileSync(file, "utf8");
  try {
    link(text);
  } catch (error) {
    if (!(error instanceof BadSyntax)) throw error;
    const { line, column, message } = error;
    throw new UsageError(`Cannot simulate ${file}:${line}:${column + 1}: ${message}`);
  }
  return [pathToFileURL(join(step.folder, "server.ts")).href, text];
}

/** @throws {UsageError} When it is not a whole number in its range. */
function wholeNumber(name: string, text: string, least: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= MOST) return value;
  throw new UsageError(
    `Cannot use --${name} ${text}: it must be a whole number from ${least} to ${MOST}`,
  );
}
