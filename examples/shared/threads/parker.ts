// Lets a thread sleep until another wakes it, and costs no call of the kernel when it is awake.

/**
 * What the threads of a program sleep on: a word each.
 *
 * ```text
 *           prepare                 another thread: unpark
 *   AWAKE ──────────► PARKED, park ────────────────────────► AWAKE
 * ```
 *
 * No wake is lost, as long as both sides keep to an order (Dekker's, of 1965):
 *
 * ```text
 *   the thread that waits           the thread that wakes
 *   1. says that it waits           1. writes what the other waits for
 *   2. looks again                  2. looks whether anyone waits
 *   3. parks, if there is nothing   3. wakes it, if so
 * ```
 *
 * All threads see Atomics in one order (ECMAScript, "Memory Model"), so of the two looks at
 * least one sees what the other thread has written. `just example interleavings` tries
 * all orders.
 */
export type Parking = Int32Array<SharedArrayBuffer>;

/** How many threads one parking has words for: a set of them is one number. */
export const MOST_THREADS = 32;
const AWAKE = 0;
const PARKED = 1;

/** Plain data, for messages to the other threads. */
export function newParking(): Parking {
  return new Int32Array(new SharedArrayBuffer(4 * MOST_THREADS));
}

/** A thread's own place to sleep. */
export class Parker {
  readonly #words: Parking;
  /** 0 to 31, no other thread has the same. */
  readonly thread: number;

  /** @throws {RangeError} When the parking has no such word. */
  constructor(words: Parking, thread: number) {
    if (!(thread >= 0 && thread < words.length) || thread % 1 !== 0)
      throw new RangeError(`Cannot park thread ${thread}: it must be 0 to 31`);
    this.#words = words;
    this.thread = thread;
  }

  /** From now on a wake is noticed. Look again after it, and then `park` or `cancel`. */
  prepare(): void {
    Atomics.store(this.#words, this.thread, PARKED);
  }

  /**
   * Sleeps until there is a wake, if there was none since `prepare`.
   *
   * @param timeout Milliseconds; Infinity for no limit.
   */
  park(timeout = Number.POSITIVE_INFINITY): void {
    Atomics.wait(this.#words, this.thread, PARKED, timeout);
    this.cancel();
  }

  /** There was something after all. */
  cancel(): void {
    Atomics.store(this.#words, this.thread, AWAKE);
  }
}

/**
 * Wakes a thread that is parked, or about to be.
 *
 * @returns Whether it was: only then the kernel was called.
 */
export function unpark(words: Parking, thread: number): boolean {
  if (Atomics.exchange(words, thread, AWAKE) !== PARKED) return false;
  Atomics.notify(words, thread);
  return true;
}
