// just check 6 mine.py --watch: checks again whenever the file is saved, and prints what has
// changed since.
import { statSync, watch as watchFiles } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { asCalled } from "../caller.ts";
import { Failure, UsageError } from "../cli.ts";
import { shortNameOf } from "../find-step.ts";
import { behavioursToHold, type CheckOptions, checkStep } from "./check-step.ts";
import { holdAll } from "./hold-all.ts";
import { nextAfter } from "./next.ts";
import { Progress, paint, wrapped } from "./print.ts";
import { failure } from "./report.ts";
import { type Result, reasonOf } from "./result.ts";
import type { Target } from "./target.ts";

/** How long a file must stay unchanged, in milliseconds: editors write in several steps. */
const QUIET_MS = 100;

/** Checks against a step, again on each save. The promise never resolves. */
export function watch(options: CheckOptions): Promise<never> {
  return watchFile(
    options.target,
    `just check ${shortNameOf(options.step)}`,
    () => checkStep(options),
    (before, saves) => checkAgain(options, before, saves),
  );
}

/**
 * Runs `check`, then `again` on each save. The promise never resolves.
 *
 * @param call The command without its target: `just check 6`.
 * @param check Runs at the start. A `Failure` is printed.
 * @param again Runs on each save. Resolves with undefined when it was cut short.
 * @throws {UsageError} When there is no file to watch.
 */
export async function watchFile(
  target: Target,
  call: string,
  check: () => Promise<readonly Result[]>,
  again: (
    before: readonly Result[],
    saves: { readonly waiting: boolean },
  ) => Promise<readonly Result[] | undefined>,
): Promise<never> {
  if (target.kind === "running") {
    throw new UsageError(
      `Cannot watch a running server: name its file, ${call} mine.py --watch`,
    );
  }
  if (target.file === undefined) {
    throw new UsageError(
      `Cannot watch: "${target.name}" names no file. Give a file or a folder in it`,
    );
  }
  const saves = new Saves(target.file);
  let before: readonly Result[] = [];
  try {
    before = await check();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.log(asCalled(error.message));
  }
  console.log(`\nwatching ${target.file}; Ctrl-C ends this`);
  // After ^C, the prompt must begin on its own line.
  if (process.stdout.isTTY) process.once("exit", () => process.stdout.write("\n"));
  for (;;) {
    await saves.next();
    try {
      before = (await again(before, saves)) ?? before;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      console.log(`${clock()} ${asCalled(error.message)}`);
    }
  }
}

/** @returns The results; undefined when the file was saved during the check. */
async function checkAgain(
  options: CheckOptions,
  before: readonly Result[],
  saves: { readonly waiting: boolean },
): Promise<readonly Result[] | undefined> {
  const { target, step, patience, first, only } = options;
  const progress = new Progress();
  const results: Result[] = [];
  const behaviours = behavioursToHold(options);
  const onResult = (result: Result) => {
    results.push(result);
    progress.show(`${results.length} of ${behaviours.length}`);
    return saves.waiting || (first && result.verdict === "fails");
  };
  const how = { target, step: step.number, patience, onResult };
  await holdAll(behaviours, how).finally(() => progress.clear());
  if (saves.waiting) return undefined;
  const news = [...changes(before, results), ...newFailure(before, results)];
  const held = results.filter(({ verdict }) => verdict === "holds").length;
  const virtues = behaviours.filter(({ defect }) => !defect).length;
  const failing = results.some(({ verdict }) => verdict === "fails");
  const count = `${held} of ${virtues} hold`;
  if (news.length === 0) console.log(`${clock()} ${count}, as before`);
  else {
    console.log([clock(), ...news].join("\n"));
    console.log(
      failing
        ? count
        : wrapped(asCalled(nextAfter(results, step, { target, only })), "  "),
    );
  }
  return results;
}

/** A line for each result that has changed. */
export function changes(before: readonly Result[], after: readonly Result[]): string[] {
  const earlier = new Map(before.map((one) => [one.behaviour.id, one.verdict]));
  return after.flatMap((one) => {
    const { verdict, behaviour } = one;
    if (verdict === earlier.get(behaviour.id)) return [];
    switch (verdict) {
      case "holds":
        return [`${paint("green", "✓")} now holds: ${behaviour.title}`];
      case "cured":
        return earlier.get(behaviour.id) === "defect"
          ? [`+ no longer has this defect: ${behaviour.title}`]
          : [];
      case "defect":
        return earlier.get(behaviour.id) === "cured"
          ? [`${paint("yellow", "!")} has this defect again: ${behaviour.title}`]
          : [];
      case "fails":
        return earlier.get(behaviour.id) === "holds"
          ? [`${paint("red", "✗")} no longer holds: ${behaviour.title}`]
          : [];
      default:
        return [];
    }
  });
}

/** The first failure, if it differs from the previous one. */
function newFailure(before: readonly Result[], after: readonly Result[]): string[] {
  const [was, is] = [before, after].map((all) =>
    all.find(({ verdict }) => verdict === "fails"),
  );
  const other =
    is && (was?.behaviour.id !== is.behaviour.id || reasonOf(was) !== reasonOf(is));
  return other ? [failure(is)] : [];
}

/** The time of day. */
export function clock(): string {
  return paint("dim", new Date().toTimeString().slice(0, 8));
}

/** Notices when a file, or a file in a folder, is saved. */
class Saves {
  waiting = false;
  #wake = () => {};

  constructor(path: string) {
    const whole = resolve(path);
    const isFolder = statSync(whole).isDirectory();
    // We watch the folder, because many editors replace the file with a new one.
    const folder = isFolder ? whole : dirname(whole);
    let quiet: NodeJS.Timeout | undefined;
    watchFiles(folder, { recursive: isFolder }, (_, name) => {
      if (!isFolder && name !== basename(whole)) return;
      clearTimeout(quiet);
      quiet = setTimeout(() => {
        this.waiting = true;
        this.#wake();
      }, QUIET_MS);
    });
  }

  /** Waits for the next save, unless one is pending. */
  async next(): Promise<void> {
    if (!this.waiting) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.waiting = false;
  }
}
