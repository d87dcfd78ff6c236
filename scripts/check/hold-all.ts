// Checks a server against behaviours, one after the other or several at a time.
import { availableParallelism } from "node:os";
import { type Behaviour, commandFor } from "../../behaviours/behaviour.ts";
import type { LogBroker } from "../../behaviours/broker.ts";
import { NotConnected, NotGreeted } from "../../behaviours/client.ts";
import { hold, holdAlone, type Outcome } from "../../behaviours/hold.ts";
import type { Server, ServerProcess, StartOptions } from "../../behaviours/server.ts";
import { Failure } from "../cli.ts";
import { inOrder } from "../in-order.ts";
import { refusalOf } from "../refusal.ts";
import { saidBy } from "../server-error.ts";
import { notRun, type Result, resultOf } from "./result.ts";
import { start } from "./start.ts";
import type { Target } from "./target.ts";

interface HoldOptions {
  readonly target: Target;
  /** The step whose lines are expected. A behaviour of a later step expects that step's. */
  readonly step: number;
  /** How long to wait for each expected answer, in milliseconds. */
  readonly patience: number;
  /**
   * Whether to wait less once one has failed: several times what those that hold usually take.
   * A server often stays silent on what it does not implement yet, and each silence would
   * otherwise cost the full patience.
   */
  readonly hurries?: boolean;
  /** Starts a log's broker for each behaviour. The server gets its address in BROKER. */
  readonly broker?: (() => Promise<LogBroker>) | undefined;
  /** Whether to keep this order. Otherwise the greeting comes first. */
  readonly inTurn?: boolean;
  /** Called with each result, in the order of the behaviours; true when that is enough. */
  readonly onResult: (result: Result) => boolean;
  /** Called every half second with how long the first server has taken to start. */
  readonly onWait?: (seconds: number) => void;
}

/** Why the remaining behaviours were not run. */
export type Stop =
  /** Nothing has listened from the beginning, though it should be running. */
  | "not there"
  /** It listened at first, but no longer does. */
  | "gone"
  /** It does not greet, and every behaviour begins with the greeting. */
  | "no greeting"
  /** It has not sent a single byte. */
  | "mute"
  /** The caller has seen enough. */
  | "enough";

/**
 * Checks the behaviours in order, but the greeting first: it explains why the others fail.
 *
 * @returns Why it stopped early, if it did. `onResult` is also called for those not run, unless
 * the server was not there.
 * @throws {Failure} When the server cannot be started, when nothing listens where one that was
 * started says that it does, or when the first connection fails for another reason.
 */
export async function holdAll(
  behaviours: readonly Behaviour[],
  options: HoldOptions,
): Promise<Stop | undefined> {
  const { target, onResult } = options;
  const inTurn = options.inTurn ? behaviours : greetingFirst(behaviours);
  const watcher = new Watcher(target);
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
    // Without a server to talk to, the behaviour was not run.
    if (stop === "not there" || stop === "gone") {
      seen -= 1;
      return true;
    }
    if (onResult(result)) watcher.stop ??= "enough";
    return watcher.stop !== undefined;
  };
  const work = (behaviour: Behaviour) => holder.hold(behaviour);
  // The first one runs alone: it shows whether the server starts, and sends anything.
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

/** The behaviours in order, but those of the greeting before all others. */
function greetingFirst(behaviours: readonly Behaviour[]): Behaviour[] {
  return [
    ...behaviours.filter(({ greeting }) => greeting),
    ...behaviours.filter(({ greeting }) => !greeting),
  ];
}

/** The shortest patience of a check that hurries, in milliseconds. */
const SHORTEST = 500;
/** Its patience as a multiple of the median time of what holds, including the server's start. */
const USUAL_TIMES = 10;

/** Checks behaviours, also several at a time. `stop` cancels those in progress. */
class Holder {
  readonly #options: HoldOptions;
  readonly #servers = new Set<ServerProcess>();
  #stopped = false;
  /** How long each behaviour that holds took, in milliseconds. */
  readonly #times: number[] = [];
  #failed = false;
  /** Whether the server fails to start with the flags of 18. */
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

  /** How long to wait for each expected answer, in milliseconds. */
  #patience(): number {
    const { patience, hurries } = this.#options;
    if (!hurries || !this.#failed) return patience;
    const usual = this.#times.sort((a, b) => a - b)[this.#times.length >> 1] ?? patience;
    return Math.min(patience, Math.max(SHORTEST, USUAL_TIMES * usual));
  }

  async #hold(behaviour: Behaviour): Promise<Result> {
    const { target, broker } = this.#options;
    // An earlier step may expect nothing: its help text is empty, and any server has that.
    const step = Math.max(this.#options.step, behaviour.from);
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
        // The reader's server need not know the flags of 18.
        this.#withoutFlags = true;
        return resultOf(await holdAlone(behaviour, how));
      }
    } catch (error) {
      if (this.#stopped) return notRun(behaviour);
      throw error;
    }
  }

  /** Kills the servers that are still being checked, because the rest is not needed. */
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

/** Detects early that all others would fail for the same reason. */
class Watcher {
  stop: Stop | undefined;
  readonly #target: Target;
  #run = 0;
  #silent = 0;
  #heard = false;
  #held = 0;

  constructor(target: Target) {
    this.#target = target;
  }

  sees({ outcome }: Result): Stop | undefined {
    if (outcome === undefined) return undefined;
    this.#run += 1;
    if (outcome.unmet === undefined) this.#held += 1;
    if (!outcome.silent) this.#heard = true;
    this.stop = this.#reason(outcome);
    return this.stop;
  }

  #reason({ behaviour, unmet, silent, transcript, output }: Outcome): Stop | undefined {
    if (unmet instanceof NotConnected && transcript.length === 0) {
      const isFirst = this.#run === 1;
      const { kind, name } = this.#target;
      if (unmet.got === "ECONNREFUSED") {
        // Of several that were started, each on its own, this one alone is not there.
        if (kind === "running") return isFirst ? "not there" : "gone";
        if (isFirst) throw new Failure(listensNowhere(name, unmet.address, output));
      }
      if (isFirst) throw new Failure(notConnected(unmet));
      return undefined;
    }
    if (this.#held > 0 || unmet === undefined) return undefined;
    if (unmet instanceof NotGreeted) return "no greeting";
    if (this.#heard || !silent || !unmet.got.startsWith("nothing")) return undefined;
    this.#silent += 1;
    // A server that must greet sends something to every client.
    return behaviour.greeting || this.#silent > 1 ? "mute" : undefined;
  }
}

/**
 * The message that a server which was started says that it listens, but does not.
 *
 * @param output What it has printed.
 */
export function listensNowhere(name: string, address: string, output: string): string {
  return (
    `Cannot check ${name}: it says that it listens on ${address}, but nothing listens there.` +
    `${saidBy(output)}\nIt must print its line once listen() has succeeded, with the port that it got`
  );
}

function notConnected({ address, got }: NotConnected): string {
  const code = got === "no answer" ? "ETIMEDOUT" : got;
  const state = refusalOf({ code, message: got });
  return `Cannot connect to ${address}: ${state}. Check the address`;
}
