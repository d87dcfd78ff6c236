// The runtime: an executor, timers and sockets, and the loop that drives them.

import { runAsGuest } from "../poll/modes/guest.ts";
import { runLoop } from "../poll/modes/own.ts";
import { TcpListener, TcpStream } from "../poll/net.ts";
import { Events } from "../poll/readiness/events.ts";
import { READABLE } from "../poll/readiness/interest.ts";
import type { Poll } from "../poll/readiness/poll.ts";
import type { Waker as PollWaker } from "../poll/readiness/waker.ts";
import type { Sockets } from "../poll/sockets.ts";
import { reservedToken } from "../poll/token.ts";
import { Driver } from "./driver.ts";
import { Executor, type JoinHandle } from "./executor.ts";
import type { Future } from "./future.ts";
import { AsyncListener, AsyncStream } from "./net.ts";
import { Scope } from "./scope.ts";
import { Timers } from "./timers.ts";

/** The most events taken at a time. */
const EVENTS = 256;
const WAKER = reservedToken(1);

/**
 * What `await` is built on.
 *
 * ```text
 *   ┌─► wait ──► events ──► driver ──┐
 *   │            time ────► timers ──┼── wake() ──► executor: each queued task once
 *   │            wakes ───► onWake ──┘                 │
 *   └───────────── how long may the next wait be? ◄────┘
 * ```
 */
export class Runtime {
  readonly timers: Timers;
  /** Wakes the loop, from this thread or another. */
  readonly waker: PollWaker;
  readonly #poll: Poll;
  readonly #driver: Driver;
  readonly #executor: Executor;
  readonly #onWake: (() => void)[] = [];
  readonly #onTurnEnd: (() => boolean)[] = [];
  /** The next wait must not block, only collect what has happened. */
  #mustNotBlock = false;
  #isInTurn = false;
  #isEnding = false;

  /**
   * @param poll The runtime takes ownership of it.
   * @param onError Called with the error of a task that nobody joins; only that task ends.
   * @param clock Milliseconds; never goes back.
   */
  constructor(
    poll: Poll,
    onError: (error: unknown) => void,
    clock = () => performance.now(),
  ) {
    this.#poll = poll;
    this.#driver = new Driver(poll);
    this.waker = poll.openWaker(WAKER);
    // A promise continues after the turn, when the loop has decided how long to wait.
    const wakeLoop = () => {
      if (!this.#isInTurn) this.waker.wake();
    };
    this.#executor = new Executor(wakeLoop, onError);
    this.timers = new Timers(clock, wakeLoop);
  }

  /** Everything that could leak: all counts are 0 when nothing is in progress. */
  get counts(): { tasks: number; sockets: number; timers: number } {
    return {
      tasks: this.#executor.size,
      sockets: this.#driver.size,
      timers: this.timers.size,
    };
  }

  /** Starts a task. */
  spawn<Value>(future: Future<Value>): JoinHandle<Value> {
    return this.#executor.spawn(future);
  }

  /**
   * Starts an async function as a task. It runs only where the loop is Node's guest,
   * because Node runs its promises.
   */
  spawnAsync(run: (scope: Scope) => Promise<void>): Scope {
    const scope = new Scope(this.#executor);
    run(scope).then(
      () => scope.end(),
      (error: unknown) => scope.end({ error }),
    );
    return scope;
  }

  /** @throws {SysError} EADDRINUSE, for example. */
  listen(host: string, port: number, sockets?: Sockets): AsyncListener {
    const listener = TcpListener.listen(host, port, sockets);
    const registration = this.#driver.watch(listener, READABLE);
    if (registration) return new AsyncListener(listener, this.#driver, registration);
    listener.close();
    throw new Error("Cannot listen: the kernel has no room to watch one more socket");
  }

  /**
   * Starts to connect; `connected` of the stream waits for the outcome.
   *
   * @throws {SysError} When the attempt fails at once.
   */
  connect(host: string, port: number, sockets?: Sockets): AsyncStream {
    const stream = AsyncStream.from(TcpStream.connect(host, port, sockets), this.#driver);
    if (stream) return stream;
    throw new Error("Cannot connect: the kernel has no room to watch one more socket");
  }

  /** Registers a callback that runs in the loop after each wake of the `waker`. */
  onWake(call: () => void): void {
    this.#onWake.push(call);
  }

  /**
   * Registers a callback for the end of each turn, when all tasks have run: for expensive
   * work that is cheaper in batches.
   *
   * @param call Returns whether it defers its work: then the next turn follows at once,
   *   with any events that have arrived by then.
   */
  onTurnEnd(call: () => boolean): void {
    this.#onTurnEnd.push(call);
  }

  /** Runs as Node's guest until `end`: Node's timers, signals and promises still run. */
  runAsGuest(): Promise<void> {
    return runAsGuest(this.#poll, new Events(EVENTS), this.turn, this.#timeout());
  }

  /** Runs until `end`; none of Node's timers, signals or promises run until then. */
  runAlone(): void {
    runLoop(this.#poll, new Events(EVENTS), this.turn, this.#timeout());
  }

  /** Makes this turn the last; outside of a turn, the next one. */
  end(): void {
    this.#isEnding = true;
    this.waker.wake();
  }

  /** For a mode: handles the events of a wait. @returns How long the next wait may last. */
  readonly turn = (events: Events): number | null | "end" => {
    this.#isInTurn = true;
    this.timers.beginTurn();
    for (let event = 0; event < events.length; event += 1) {
      if (events.token(event) !== WAKER) continue;
      for (const call of this.#onWake) call();
    }
    this.#driver.deliver(events);
    this.timers.fire();
    this.#executor.run();
    this.#mustNotBlock = false;
    for (const call of this.#onTurnEnd) if (call()) this.#mustNotBlock = true;
    this.timers.endTurn();
    this.#isInTurn = false;
    return this.#isEnding ? "end" : this.#timeout();
  };

  /** How long there is nothing to do, in milliseconds; null for no limit. */
  #timeout(): number | null {
    if (this.#mustNotBlock || !this.#executor.isIdle) return 0;
    const { next, now } = this.timers;
    return next === Infinity ? null : Math.max(0, next - now);
  }
}
