// Holds behaviours against a server, one after the other or several at a time.
import { availableParallelism } from "node:os";
import { type Behaviour, commandFor } from "../../behaviours/behaviour.ts";
import type { LogBroker } from "../../behaviours/broker.ts";
import { NotConnected, NotGreeted } from "../../behaviours/client.ts";
import { hold, holdAlone, type Outcome } from "../../behaviours/hold.ts";
import type { Server, ServerProcess, StartOptions } from "../../behaviours/server.ts";
import { Failure } from "../cli.ts";
import { inOrder } from "../in-order.ts";
import { notRun, type Result, resultOf } from "./result.ts";
import { start } from "./start.ts";
import type { Target } from "./target.ts";

interface HoldOptions {
  readonly target: Target;
  /** Of the lines that are expected. */
  readonly step: number;
  /** In milliseconds. */
  readonly patience: number;
  /**
   * Once one has failed, waits for the others no longer than it has reason to: many times
   * what those that hold usually take. What a server does not have yet it often meets with
   * silence, and each silence would take all the patience.
   */
  readonly hurries?: boolean;
  /** Starts the broker of a log for each, at which the server finds it by BROKER. */
  readonly broker?: (() => Promise<LogBroker>) | undefined;
  /** In this very order; else the greeting is held first. */
  readonly inTurn?: boolean;
  /** Called with each result, in the order of the behaviours; true when that is enough. */
  readonly onResult: (result: Result) => boolean;
  /** Called every half second with how long the first server has taken to start. */
  readonly onWait?: (seconds: number) => void;
}

/** Why the rest was not run. */
export type Stop =
  /** Nothing listens, from the very beginning. */
  | "not there"
  /** It listened at first, and does not any more. */
  | "gone"
  /** It does not greet, with which all begin. */
  | "no greeting"
  /** It has not sent a byte to the first of all. */
  | "mute"
  /** The caller has enough. */
  | "enough";

/**
 * Holds the behaviours in this order, the greeting first: it explains why the others fail.
 *
 * @returns Why it stopped early, if it did. For those that were not run then, `onResult` is
 * called all the same.
 * @throws {Failure} When the server cannot be started.
 */
export async function holdAll(
  behaviours: readonly Behaviour[],
  options: HoldOptions,
): Promise<Stop | undefined> {
  const { target, onResult } = options;
  const inTurn = options.inTurn ? behaviours : greetingFirst(behaviours);
  const watcher = new Watcher();
  const holder = new Holder(options);
  let seen = 0;
  const take = (result: Result): boolean => {
    const enough = judge(result);
    if (enough) holder.stop();
    return enough;
  };
  const judge = (result: Result): boolean => {
    seen += 1;
    const stop = watcher.sees(result);
    // Without a server to talk to it has not been run.
    if (stop === "not there" || stop === "gone") {
      seen -= 1;
      return true;
    }
    if (onResult(result)) watcher.stop ??= "enough";
    return watcher.stop !== undefined;
  };
  const work = (behaviour: Behaviour) => holder.hold(behaviour);
  // The first by itself: when it cannot be started, or says nothing, one is enough to know.
  const [first, ...others] = inTurn;
  if (first === undefined) return undefined;
  if (!take(await work(first))) {
    const width = target.kind === "running" ? 1 : 2 * availableParallelism();
    await inOrder(others, width, work, take);
  }
  if (watcher.stop === "not there") return watcher.stop;
  for (const behaviour of inTurn.slice(seen)) onResult(notRun(behaviour));
  return watcher.stop;
}

/** As they come, but those of the greeting before all others. */
function greetingFirst(behaviours: readonly Behaviour[]): Behaviour[] {
  return [
    ...behaviours.filter(({ greeting }) => greeting),
    ...behaviours.filter(({ greeting }) => !greeting),
  ];
}

/** The least that one in a hurry waits, in milliseconds. */
const SHORTEST = 500;
/** And how many times as long as what holds usually takes, a process's start with it. */
const USUAL_TIMES = 10;

/** Holds one behaviour at a time, or several; they can be cut short. */
class Holder {
  readonly #options: HoldOptions;
  readonly #servers = new Set<ServerProcess>();
  #stopped = false;
  /** How long each took that holds, in milliseconds. */
  readonly #times: number[] = [];
  #failed = false;
  /** It does not start with the flags of 18. */
  #withoutFlags = false;

  constructor(options: HoldOptions) {
    this.#options = options;
  }

  async hold(behaviour: Behaviour): Promise<Result> {
    const begin = performance.now();
    const result = await this.#hold(behaviour);
    if (result.verdict === "holds") this.#times.push(performance.now() - begin);
    else if (result.verdict === "fails") this.#failed = true;
    return result;
  }

  /** How long to wait for what must come, in milliseconds. */
  #patience(): number {
    const { patience, hurries } = this.#options;
    if (!hurries || !this.#failed) return patience;
    const usual = this.#times.sort((a, b) => a - b)[this.#times.length >> 1] ?? patience;
    return Math.min(patience, Math.max(SHORTEST, USUAL_TIMES * usual));
  }

  async #hold(behaviour: Behaviour): Promise<Result> {
    const { target, step, broker } = this.#options;
    const patience = this.#patience();
    if (target.kind === "running") {
      if (behaviour.own) return notRun(behaviour);
      return resultOf(await hold(behaviour, { server: target, step, patience }));
    }
    const starter = (options: StartOptions) => this.#start(options);
    const how = { step, patience, start: target.start, starter, broker };
    try {
      const command = commandFor(behaviour, step, target.start.command);
      if (command === target.start.command || target.start.shell || this.#withoutFlags)
        return resultOf(await holdAlone(behaviour, how));
      try {
        const start = { ...target.start, command };
        return resultOf(await holdAlone(behaviour, { ...how, start }));
      } catch (error) {
        if (this.#stopped || !(error instanceof Failure)) throw error;
        // A server of yours need not know the flags of 18.
        this.#withoutFlags = true;
        return resultOf(await holdAlone(behaviour, how));
      }
    } catch (error) {
      if (this.#stopped) return notRun(behaviour);
      throw error;
    }
  }

  /** Ends the servers that are still being held: the rest is not wanted. */
  stop(): void {
    this.#stopped = true;
    for (const server of this.#servers) server.kill("SIGKILL");
  }

  async #start(options: StartOptions): Promise<Required<Server>> {
    const server = await start(options, this.#options.onWait);
    this.#servers.add(server.process);
    if (this.#stopped) server.process.kill("SIGKILL");
    return server;
  }
}

/** Notices early that all others would fail for the same reason. */
class Watcher {
  stop: Stop | undefined;
  #run = 0;
  #silent = 0;
  #held = 0;

  sees({ outcome }: Result): Stop | undefined {
    if (outcome === undefined) return undefined;
    this.#run += 1;
    if (outcome.unmet === undefined) this.#held += 1;
    this.stop = this.#reason(outcome);
    return this.stop;
  }

  #reason({ behaviour, unmet, silent, transcript }: Outcome): Stop | undefined {
    if (unmet instanceof NotConnected && transcript.length === 0) {
      if (unmet.got !== "ECONNREFUSED") return undefined;
      return this.#run === 1 ? "not there" : "gone";
    }
    if (this.#held > 0 || unmet === undefined) return undefined;
    if (unmet instanceof NotGreeted) return "no greeting";
    if (!silent || !unmet.got.startsWith("nothing")) return undefined;
    this.#silent += 1;
    // One that has to greet says something to everybody.
    return behaviour.greeting || this.#silent > 1 ? "mute" : undefined;
  }
}
