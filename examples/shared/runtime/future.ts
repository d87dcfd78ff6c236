// A future: something that will have a value, and does nothing unless it is polled. In the shape
// of Rust's std::future and std::task.

/** What a poll returns while there is no value. */
export const PENDING: unique symbol = Symbol("pending");
/** A value, or that there is none yet. */
export type Poll<Value> = Value | typeof PENDING;

/**
 * Work that can be asked again and again whether it is done, and that says when it is worth
 * asking.
 *
 * ```text
 *   executor ── poll(waker) ──►  future   tries; keeps the waker where the news will come
 *            ◄── PENDING ──────
 *              …                          a socket is ready, a timer is due
 *            ◄── waker.wake() ─
 *            ── poll(waker) ──►
 *            ◄── a value ──────
 * ```
 *
 * It is lazy: nothing begins before the first poll. A promise is eager: its work is under way
 * when you get it, and cannot be taken back.
 */
export interface Future<Value> {
  /**
   * Goes as far as it can without waiting.
   *
   * @param waker Called when a poll is worthwhile again; of several polls the last one's.
   * @returns Its value, once: it must not be polled after that.
   * @throws What has gone wrong. Then it is over, too.
   */
  poll(waker: Waker): Poll<Value>;

  /**
   * Gives back all that it waits with: its place with a timer, a socket, a pool. An owner
   * that does not poll it to its end, drops it; in Rust the compiler does so. Twice is once,
   * and after the end it does nothing.
   */
  drop(): void;
}

/** Puts a task back into the queue of those that can go on. */
export interface Waker {
  /** Many wakes before the next poll are one. */
  wake(): void;

  /**
   * Whether the task may do one more thing in this turn. When not, it has been woken, and the
   * future returns PENDING: others come first. tokio calls it cooperative scheduling.
   */
  mayGoOn(): boolean;

  /** Takes more off what the task may do in this turn: `units` things of the usual size. */
  spend(units: number): void;
}

/** A future that has its value. */
export function ready<Value>(value: Value): Future<Value> {
  return { poll: () => value, drop() {} };
}

/** The value of the wrapped future under another form, made when it comes. */
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
