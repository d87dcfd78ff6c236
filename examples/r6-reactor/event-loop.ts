// r6-reactor: the event loop, which decides which handler runs next.
import type { Events } from "../shared/poll/readiness/events.ts";
import { Timers } from "../shared/timers.ts";
import { type EventHandler, READINESS, type Readiness } from "./handler.ts";
import type { Reactor } from "./reactor.ts";

/**
 * Runs handlers one at a time, on one thread. A turn:
 *
 * ```text
 *            ┌────────────────────────────────────────────────────────────┐
 *            ▼                                                            │
 *   events ─► ready queue ──► timers ──► register, unregister ──► wait ───┘
 *             each handler    those      changes go to            until the next timer
 *             has one turn    due are    the kernel               expires; not at all if
 *                             ready      in one batch             a handler is ready
 * ```
 */
export class EventLoop {
  readonly reactor: Reactor;
  /** The time of this turn, in milliseconds on a monotonic clock. */
  now = performance.now();
  readonly #timers = new Timers<EventHandler>();
  /** Handlers with something to do, in the order in which they became ready. */
  #ready: EventHandler[] = [];
  #isEnding = false;
  readonly #notify = (handler: EventHandler, readiness: Readiness) =>
    this.notify(handler, readiness);

  constructor(reactor: Reactor) {
    this.reactor = reactor;
  }

  // #region turn
  /** Runs one turn. @returns How long the next wait may last, as `runLoop` expects it. */
  readonly turn = (events: Events): number | null | "end" => {
    this.now = performance.now();
    this.reactor.dispatch(events, this.#notify);
    this.#runReady();
    this.#runTimers();
    this.reactor.apply(this.#notify);
    if (this.#isEnding) return "end";
    if (this.#ready.length > 0) return 0;
    const { next } = this.#timers;
    return next === Infinity ? null : Math.max(0, next - this.now);
  };

  /** Runs each ready handler once. Newly ready ones wait, so none can starve the others. */
  #runReady(): void {
    const ready = this.#ready;
    this.#ready = [];
    for (const handler of ready) {
      const { readiness } = handler;
      handler.readiness = 0;
      // It has been forgotten since.
      if (readiness === 0) continue;
      if (handler.handle(readiness)) this.notify(handler, READINESS.turn);
    }
  }
  // #endregion turn

  /** Queues a handler. Further events before its turn are coalesced. */
  notify(handler: EventHandler, readiness: Readiness): void {
    if (handler.readiness === 0) this.#ready.push(handler);
    handler.readiness |= readiness;
  }

  /** Notifies the handler with `time` in `ms` milliseconds. Replaces an earlier timer. */
  setTimer(handler: EventHandler, ms: number): void {
    this.#timers.set(handler, this.now, ms);
  }

  clearTimer(handler: EventHandler): void {
    this.#timers.remove(handler);
  }

  /** Removes a handler's timer and its pending events. */
  forget(handler: EventHandler): void {
    this.#timers.remove(handler);
    handler.readiness = 0;
  }

  /** Ends the loop after this turn. */
  end(): void {
    this.#isEnding = true;
  }

  #runTimers(): void {
    for (;;) {
      const handler = this.#timers.take(this.now);
      if (handler === undefined) return;
      this.notify(handler, READINESS.time);
    }
  }
}
