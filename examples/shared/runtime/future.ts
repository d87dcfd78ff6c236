// A future: something that will have a value, and does nothing unless it is polled.
// Modelled on Rust's std::future and std::task.

/** Returned by a poll while there is no value. */
export const PENDING: unique symbol = Symbol("pending");
/** A value, or {@link PENDING} while there is none. */
export type Poll<Value> = Value | typeof PENDING;

/**
 * Work that can be polled until it is done, and that wakes its task when polling again
 * is worthwhile.
 *
 * ```text
 *   executor ── poll(waker) ──►  future   tries; stores the waker with a socket or timer
 *            ◄── PENDING ──────
 *              …                          a socket is ready, a timer is due
 *            ◄── waker.wake() ─
 *            ── poll(waker) ──►
 *            ◄── a value ──────
 * ```
 *
 * It is lazy: nothing starts before the first poll. A promise is eager: its work is already
 * under way when you get it, and cannot be cancelled.
 */
export interface Future<Value> {
  /**
   * Makes as much progress as it can without blocking.
   *
   * @param waker Called when another poll is worthwhile. Only the waker of the last
   *   poll counts.
   * @returns The value, once. The future must not be polled again after that.
   * @throws The error that ended the future, which must not be polled again either.
   */
  poll(waker: Waker): Poll<Value>;

  /**
   * Releases everything that it waits with, such as its place with a timer, a socket or a
   * pool. An owner that does not poll it to its end must drop it; in Rust the compiler does
   * so. Idempotent; does nothing after the end.
   */
  drop(): void;
}

/** Puts a task back into the queue of tasks that are ready to run. */
export interface Waker {
  /** Wakes the task. Wakes before its next poll coalesce into one. */
  wake(): void;

  /**
   * Takes a unit from the task's budget for this turn. False when none is left: the task
   * has been queued again, and the future must return PENDING so that others can run. tokio
   * calls this cooperative scheduling.
   */
  consumeBudget(): boolean;

  /** Takes more units from the budget, for a call that did more work than usual. */
  spend(units: number): void;
}

/** Makes a future that already has its value. */
export function ready<Value>(value: Value): Future<Value> {
  return { poll: () => value, drop() {} };
}

/** A future that converts the value of another. */
export class Mapped<From, To> implements Future<To> {
  readonly #future: Future<From>;
  readonly #map: (value: From) => To;

  constructor(future: Future<From>, map: (value: From) => To) {
    this.#future = future;
    this.#map = map;
  }

  poll(waker: Waker): Poll<To> {
    const value = this.#future.poll(waker);
    return value === PENDING ? PENDING : this.#map(value);
  }

  drop(): void {
    this.#future.drop();
  }
}
