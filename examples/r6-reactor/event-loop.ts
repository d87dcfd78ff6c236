// r6-reactor: whose turn it is.
import type { Events } from "../shared/poll/readiness/events.ts";
import { Timers } from "../shared/timers.ts";
import { type EventHandler, HAPPENED, type Happened } from "./handler.ts";
import type { Reactor } from "./reactor.ts";

/**
 * Runs handlers, one after the other, on one thread. A turn:
 *
 * ```text
 *            ┌────────────────────────────────────────────────────────────┐
 *            ▼                                                            │
 *   events ─► ready queue ──► timers ──► register, unregister ──► wait ───┘
 *             each handler    who is     what has changed         for as long as the
 *             has one turn    late is    goes to the kernel       next timer allows; not
 *                             ready      in one go                at all if one is ready
 * ```
 */
export class EventLoop {
  readonly reactor: Reactor;
  /** The time of this turn, in milliseconds, by a clock that nobody sets. */
  now = performance.now();
  readonly #timers = new Timers<EventHandler>();
  /** Who has something to do, in the order in which it happened. */
  #ready: EventHandler[] = [];
  #isEnding = false;
  readonly #happen = (handler: EventHandler, happened: Happened) =>
    this.happen(handler, happened);

  constructor(reactor: Reactor) {
    this.reactor = reactor;
  }

  // #region turn
  /** One turn. @returns How long the wait after it may last: for `runLoop` and the like. */
  readonly turn = (events: Events): number | null | "end" => {
    this.now = performance.now();
    this.reactor.dispatch(events, this.#happen);
    this.#runReady();
    this.#runTimers();
    this.reactor.apply(this.#happen);
    if (this.#isEnding) return "end";
    if (this.#ready.length > 0) return 0;
    const { next } = this.#timers;
    return next === Infinity ? null : Math.max(0, next - this.now);
  };

  /** What becomes ready meanwhile has its turn in the next round: nobody can hold up the rest. */
  #runReady(): void {
    const ready = this.#ready;
    this.#ready = [];
    for (const handler of ready) {
      const { happened } = handler;
      handler.happened = 0;
      // It has left meanwhile.
      if (happened === 0) continue;
      if (handler.handle(happened)) this.happen(handler, HAPPENED.turn);
    }
  }
  // #endregion turn

  /** Puts a handler into the queue, once, whatever happens to it before its turn. */
  happen(handler: EventHandler, happened: Happened): void {
    if (handler.happened === 0) this.#ready.push(handler);
    handler.happened |= happened;
  }

  /** The handler gets `time` so many milliseconds from now, and not by an earlier timer. */
  setTimer(handler: EventHandler, ms: number): void {
    this.#timers.set(handler, this.now, ms);
  }

  clearTimer(handler: EventHandler): void {
    this.#timers.remove(handler);
  }

  /** Takes a handler out: neither its timer nor what has happened reaches it any more. */
  forget(handler: EventHandler): void {
    this.#timers.remove(handler);
    handler.happened = 0;
  }

  /** This turn is the last one. */
  end(): void {
    this.#isEnding = true;
  }

  #runTimers(): void {
    for (;;) {
      const handler = this.#timers.take(this.now);
      if (handler === undefined) return;
      this.happen(handler, HAPPENED.time);
    }
  }
}
