// Checks a server against the behaviours of one step, and prints a report.
import type { Behaviour } from "../../behaviours/behaviour.ts";
import { type Server, START_PATIENCE } from "../../behaviours/server.ts";
import type { Step } from "../../behaviours/steps.ts";
import { behavioursOf } from "../../behaviours/table.ts";
import { asCalled } from "../caller.ts";
import { Failure, UsageError } from "../cli.ts";
import { shortNameOf } from "../find-step.ts";
import { serverError } from "../server-error.ts";
import { holdAll, listensNowhere, type Stop } from "./hold-all.ts";
import { Progress, wrapped } from "./print.ts";
import { Report } from "./report.ts";
import type { Result } from "./result.ts";
import type { Target } from "./target.ts";

export interface CheckOptions {
  readonly target: Target;
  readonly step: Step;
  /** How long to wait for each expected answer, in milliseconds. */
  readonly patience: number;
  /** Whether to stop at the first failure. */
  readonly first: boolean;
  /** Whether to include the slow and heavy behaviours. */
  readonly hostile: boolean;
  /** Only the behaviours with these words in their titles, in any case. */
  readonly only?: string | undefined;
}

/**
 * Checks once, and prints the report.
 *
 * @returns The result of each behaviour.
 * @throws {UsageError} When no behaviour has the words of `only` in its title.
 * @throws {Failure} When nothing listens there, or the server cannot be started.
 */
export async function checkStep(options: CheckOptions): Promise<readonly Result[]> {
  const { target, step, only } = options;
  const behaviours = behavioursToHold(options);
  const { stop, results } = await checkAll(behaviours, options);
  const left = behavioursOf(step.number).length - behaviours.length;
  if (left > 0 && stop === undefined && only === undefined)
    console.log(asCalled(slowOnes(left, step, target)));
  return results;
}

/**
 * Checks these behaviours, and prints the report.
 *
 * @param server A server that the target's command has started. All of them are checked on it,
 *   and it is ended. Otherwise each is checked on one of its own, unless the target is running.
 * @returns The result of each behaviour, and why it stopped early, if it did.
 * @throws {Failure} When nothing listens there, or the server cannot be started.
 */
export async function checkAll(
  behaviours: readonly Behaviour[],
  { target, step, patience, first, only }: Omit<CheckOptions, "hostile">,
  server?: Required<Server>,
): Promise<{ results: readonly Result[]; stop: Stop | undefined }> {
  const report = new Report(step, target, { only });
  const progress = new Progress();
  const onResult = (result: Result) => {
    progress.clear();
    report.add(result);
    const { length } = report.results;
    progress.show(`${length} of ${behaviours.length}, ${report.met} hold`);
    return first && result.verdict === "fails";
  };
  progress.show(`checking ${target.name} as ${step.slug}`);
  try {
    const stop = await holdAll(behaviours, {
      target: server ? runningAt(server, target) : target,
      step: step.number,
      patience,
      onResult,
      onWait: waiting(progress),
    });
    progress.clear();
    if (stop === "not there") {
      throw new Failure(
        server
          ? listensNowhere(
              target.name,
              `${server.host} port ${server.port}`,
              server.process.output(),
            )
          : nothingThere(target, `${shortNameOf(step)} `),
      );
    }
    await end(server);
    // A crashing server may write its error after its connections have ended.
    report.finish(stop, serverError(server?.process.output() ?? ""));
    return { results: report.results, stop };
  } finally {
    progress.clear();
    await end(server);
  }
}

function runningAt({ host, port }: Server, { name, words }: Target): Target {
  return { kind: "running", name, words, host, port };
}

/** Idempotent. */
async function end(server: Required<Server> | undefined): Promise<void> {
  server?.process.kill("SIGKILL");
  await server?.process.ended;
}

/**
 * The behaviours of a step to check: the slow and heavy ones only on request.
 *
 * @throws {UsageError} When no behaviour has the words of `only` in its title.
 */
export function behavioursToHold({
  step,
  hostile,
  only,
}: Pick<CheckOptions, "step" | "hostile" | "only">): readonly Behaviour[] {
  const all = behavioursOf(step.number);
  return only === undefined
    ? all.filter((one) => hostile || !one.hostile)
    : titledLike(only, all, step);
}

/** @throws {UsageError} When there are none. */
export function titledLike(
  words: string,
  behaviours: readonly Behaviour[],
  { slug }: Step,
): readonly Behaviour[] {
  const found = behaviours.filter(({ title }) =>
    title.toLowerCase().includes(words.toLowerCase()),
  );
  if (found.length > 0) return found;
  throw new UsageError(
    `Cannot check only "${words}": no behaviour of ${slug} has that in its title`,
  );
}

function slowOnes(count: number, step: Step, { words }: Target): string {
  const are = count === 1 ? "1 more is" : `${count} more are`;
  return wrapped(
    `${are} slow or heavy: just check ${shortNameOf(step)}${words && ` ${words}`} --hostile`,
  );
}

/** Shows that a server is slow to start: continuously on a terminal, otherwise once. */
export function waiting(progress: Progress): (seconds: number) => void {
  let isPrinted = false;
  return (seconds) => {
    if (seconds < 2) return;
    const text = `waiting until the server prints "listening on HOST:PORT": ${Math.floor(seconds)} s`;
    progress.show(text);
    if (process.stderr.isTTY || isPrinted || seconds < 4) return;
    isPrinted = true;
    console.error(`${text}; it has ${START_PATIENCE / 1000} s`);
  };
}

/** The message that nothing listens. @param what The step as the user typed it, and a space. */
export function nothingThere(target: Target, what: string): string {
  return (
    `Nothing listens on ${target.name}. Start your server, then check again; ` +
    `or let the checker start it: just check ${what}--cmd "python3 mine.py"`
  );
}
