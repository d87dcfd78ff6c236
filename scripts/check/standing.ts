// just check mine.py: between which steps a server is, and what is missing next.
import { STEPS } from "../../behaviours/steps.ts";
import { BEHAVIOURS } from "../../behaviours/table.ts";
import { asCalled } from "../caller.ts";
import { Failure } from "../cli.ts";
import { saidBy } from "../server-error.ts";
import { nothingThere, waiting } from "./check-step.ts";
import { closestOf, DIALECTS, type Dialect, GREETING } from "./dialect.ts";
import { holdAll } from "./hold-all.ts";
import { inColumns, solutionOf } from "./next.ts";
import { Progress, paint, wrapped } from "./print.ts";
import { failure } from "./report.ts";
import type { Result } from "./result.ts";
import type { Target } from "./target.ts";

/** How many of the next missing behaviours are named besides the first. */
const MISSING = 5;

interface Options {
  readonly target: Target;
  /** How long to wait for each expected answer, in milliseconds. */
  readonly patience: number;
  /** Whether to stop early. The remaining behaviours are then "not run". */
  readonly enough?: () => boolean;
}

/**
 * Finds out where the server is between the steps, and prints it.
 *
 * @returns The result of each behaviour that was checked.
 * @throws {Failure} When nothing listens there, when the server cannot be started, or when it
 * does not speak like any step.
 */
export async function findStanding(options: Options): Promise<readonly Result[]> {
  const { target } = options;
  const { dialect, results } = await holdWhatFits(options);
  const [first, last] = [dialect.first, dialect.last].map(numberOf);
  const steps = first === last ? `step ${first} does` : `steps ${first} to ${last} do`;
  console.log(`${target.name} speaks as ${steps}\n`);
  console.log(table(results));
  console.log(`\n${summary(results, target)}`);
  return results;
}

/**
 * Finds out which steps the server speaks like, and what it does.
 *
 * @throws {Failure} As `findStanding` does.
 */
export async function holdWhatFits(options: Options) {
  const progress = new Progress();
  progress.show(`listening to ${options.target.name}`);
  try {
    const dialect = await findDialect(options, progress);
    return { dialect, results: await holdWith(dialect, options, progress) };
  } finally {
    progress.clear();
  }
}

async function findDialect({ target, patience }: Options, progress: Progress) {
  const tried: { step: number; result: Result }[] = [];
  let printed = "";
  for (const dialect of DIALECTS) {
    const { first: step, probe } = dialect;
    let result: Result | undefined;
    const onResult = (one: Result) => {
      result = one;
      tried.push({ step, result: one });
      return true;
    };
    const onWait = waiting(progress);
    const stop = await holdAll([probe], { target, step, patience, onResult, onWait });
    if (stop === "not there") throw new Failure(nothingThere(target, ""));
    if (result?.verdict === "holds") return dialect;
    printed ||= result?.outcome?.output ?? "";
    if (result?.outcome?.silent) break;
  }
  // A probe ends at the first line that is wrong: what follows it may be of a later step.
  await holdAll([GREETING], {
    target,
    step: STEPS.length,
    patience,
    onResult: (result) => {
      if (!result.outcome?.silent) tried.push({ step: 0, result });
      return true;
    },
  });
  const closest = closestOf(tried);
  const { expected, got } = closest?.result.outcome?.unmet ?? {};
  const state =
    closest === undefined
      ? "it sends nothing"
      : `no step speaks like that. It comes closest to step ${closest.step}:\n` +
        `  expected  ${expected}\n  got       ${got}`;
  throw new Failure(
    `Cannot place ${target.name}: ${state}${closest ? "" : "."}${saidBy(printed)}\n` +
      "Steps 01 to 04 send nothing until they are sent a line; 05 to 18 begin with " +
      '"Server commands".\nCheck it against the step that you are writing: ' +
      `just check ${closest?.step ?? 6}${target.words && ` ${target.words}`}`,
  );
}

/**
 * Checks all behaviours that a server of this dialect may have, up to the first step of which
 * it has none.
 */
async function holdWith(
  { first, last }: Dialect,
  { target, patience, enough = () => false }: Options,
  progress: Progress,
): Promise<readonly Result[]> {
  const behaviours = BEHAVIOURS.filter(({ to, hostile }) => to >= first && !hostile);
  const results: Result[] = [];
  const onResult = (result: Result): boolean => {
    results.push(result);
    const held = results.filter(({ verdict }) => verdict === "holds").length;
    progress.show(`${results.length} of ${behaviours.length} behaviours, ${held} hold`);
    const { from } = result.behaviour;
    const next = behaviours[results.length];
    if (enough()) return true;
    if (from <= last || next?.from === from) return false;
    const mine = results.filter(({ behaviour }) => behaviour.from === from);
    return mine.every(({ verdict }) => verdict !== "holds");
  };
  const onWait = waiting(progress);
  const options = {
    target,
    step: first,
    patience,
    onResult,
    onWait,
    inTurn: true,
    hurries: true,
  };
  await holdAll(behaviours, options);
  return results;
}

/** A line for each step: how many of the behaviours that it adds hold. */
function table(results: readonly Result[]): string {
  const lines = STEPS.flatMap(({ number, slug }) => {
    const mine = results.filter(
      ({ behaviour, verdict }) =>
        behaviour.from === number && !behaviour.defect && verdict !== "not run",
    );
    if (mine.length === 0) return [];
    const held = mine.filter(({ verdict }) => verdict === "holds").length;
    const sign = held === mine.length ? paint("green", "✓") : paint("red", "✗");
    return [`  ${sign} ${slug.padEnd(16)} ${held} of ${mine.length}`];
  });
  return lines.join("\n");
}

/** Between which steps the server is, and what is missing next, in the form that the user types. */
export function summary(results: readonly Result[], target: Target): string {
  const missing = results.filter(({ verdict }) => verdict === "fails");
  const [first, ...others] = missing;
  if (first === undefined) {
    const cut = results.find(
      ({ behaviour, verdict }) => verdict === "not run" && !behaviour.own,
    );
    if (cut) return `The server ended before this: ${cut.behaviour.title}`;
    const end = paint("green", "Yours is the finished chat: everything of 18 holds.");
    return asCalled(`${end} Fill it: just bots --help`);
  }
  const { from } = first.behaviour;
  const next = others.filter(({ behaviour }) => behaviour.from === from);
  const place =
    from === 1
      ? "Yours stands before 01."
      : `Yours stands between ${numberOf(from - 1)} and ${numberOf(from)}: ` +
        `everything of ${numberOf(from - 1)} holds.`;
  const more = next.length - MISSING;
  const missed = [
    `${wrapped(paint("bold", place))} Next missing:\n`,
    failure(first),
    ...next
      .slice(0, MISSING)
      .map(({ behaviour }) => `${paint("red", "✗")} ${behaviour.title}`),
    ...(more > 0 ? [`  and ${more} more of step ${from}`] : []),
  ];
  const commands = inColumns([
    [`just check ${from}${target.words && ` ${target.words}`}`, "checks that step"],
    ...(target.kind === "started" ? [solutionOf(`${from}`, target)] : []),
  ]);
  return `${asCalled(missed.join("\n"))}\n\n${commands}`;
}

function numberOf(step: number): string {
  return `${step}`.padStart(2, "0");
}
