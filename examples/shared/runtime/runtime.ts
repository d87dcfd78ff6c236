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

/** How many events are taken at a time. */
const EVENTS = 256;
const WAKER = reservedToken(1);

/**
 * What `await` stands on.
 *
 * ```text
 *   ┌─► wait ──► events ──► driver ──┐
 *   │            time ────► timers ──┼── wake() ──► executor: each task of the queue once
 *   │            wakes ───► onWake ──┘                 │
 *   └───────────── how long may the next wait be ◄─────┘
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
  /** The next wait is only a look at what has happened. */
  #isLooking = false;
  #isInTurn = false;
  #isEnding = false;

  /**
   * @param poll Ours from now on.
   * @param failed Gets what a task threw that nobody joins: only that task has ended.
   * @param clock Milliseconds; never goes back.
   */
  constructor(
    poll: Poll,
    failed: (error: unknown) => void,
    clock = () => performance.now(),
  ) {
    this.#poll = poll;
    this.#driver = new Driver(poll);
    this.waker = poll.openWaker(WAKER);
    // A promise goes on after the turn, when the loop has said how long it will wait.
    const notice = () => {
      if (!this.#isInTurn) this.waker.wake();
    };
    this.#executor = new Executor(notice, failed);
    this.timers = new Timers(clock, notice);
  }

  /** What there is that could leak: all are 0 when nothing is under way. */
  get counts(): { tasks: number; sockets: number; timers: number } {
    return {
      tasks: this.#executor.size,
      sockets: this.#driver.size,
      timers: this.timers.size,
    };
  }

  /** Begins a task. */
  spawn<Value>(future: Future<Value>): JoinHandle<Value> {
    this.#enter();
    return this.#executor.spawn(future);
  }

  /**
   * Begins a task that is an async function. It runs only where a loop is Node's guest, since
   * promises are Node's.
   */
  spawnAsync(run: (scope: Scope) => Promise<void>): Scope {
    this.#enter();
    const scope = new Scope(this.#executor);
    run(scope).then(
      () => scope.end(),
      (error: unknown) => scope.end({ error }),
    );
    return scope;
  }

  /** @throws {SysError} EADDRINUSE and the like. */
  listen(host: string, port: number, sockets?: Sockets): AsyncListener {
    const listener = TcpListener.listen(host, port, sockets);
    const place = this.#driver.watch(listener, READABLE);
    if (place) return new AsyncListener(listener, this.#driver, place);
    listener.close();
    throw new Error("Cannot listen: the kernel has no room to watch one more socket");
  }

  /**
   * Begins to connect: `connected` of the stream says what has come of it.
   *
   * @throws {SysError} When the system knows at once that it cannot be.
   */
  connect(host: string, port: number, sockets?: Sockets): AsyncStream {
    const stream = AsyncStream.from(TcpStream.connect(host, port, sockets), this.#driver);
    if (stream) return stream;
    throw new Error("Cannot connect: the kernel has no room to watch one more socket");
  }

  /** Has something called in the loop after each wake of the `waker`. */
  onWake(call: () => void): void {
    this.#onWake.push(call);
  }

  /**
   * Has something called at the end of each turn, when all tasks have run: work that is dear,
   * and cheaper for many things at once than for each.
   *
   * @param call Returns whether it would rather wait: then the next turn comes at once, with
   *   what has happened meanwhile, if anything has.
   */
  onTurnEnd(call: () => boolean): void {
    this.#onTurnEnd.push(call);
  }

  /** Runs as Node's guest until `end`: timers, signals and promises of Node's go on. */
  runAsGuest(): Promise<void> {
    return runAsGuest(this.#poll, new Events(EVENTS), this.turn, this.#rest());
  }

  /** Runs until `end`, and nothing of Node's runs meanwhile. */
  runAlone(): void {
    runLoop(this.#poll, new Events(EVENTS), this.turn, this.#rest());
  }

  /** Makes this turn the last, or the next one. */
  end(): void {
    this.#isEnding = true;
    this.waker.wake();
  }

  /** For a mode: handles what a wait has brought. @returns How long the next may last. */
  readonly turn = (events: Events): number | null | "end" => {
    this.#isInTurn = true;
    this.timers.refresh();
    for (let event = 0; event < events.length; event += 1) {
      if (events.token(event) !== WAKER) continue;
      for (const call of this.#onWake) call();
    }
    this.#driver.deliver(events);
    this.timers.fire();
    this.#executor.run();
    this.#isLooking = false;
    for (const call of this.#onTurnEnd) if (call()) this.#isLooking = true;
    this.#isInTurn = false;
    return this.#isEnding ? "end" : this.#rest();
  };

  /** How long there is nothing to do. */
  #rest(): number | null {
    if (this.#isLooking || !this.#executor.isIdle) return 0;
    const { next, now } = this.timers;
    return next === Infinity ? null : Math.max(0, next - now);
  }

  /** From outside of a turn the time may be an old one. */
  #enter(): void {
    if (!this.#isInTurn) this.timers.refresh();
  }
}
