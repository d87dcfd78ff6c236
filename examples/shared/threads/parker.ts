// Puts a thread to sleep until another wakes it. Waking a thread that is awake costs no
// system call.

/**
 * The words that the threads of a program sleep on, one per thread.
 *
 * ```text
 *           prepare                 another thread: unpark
 *   AWAKE ──────────► PARKED, park ────────────────────────► AWAKE
 * ```
 *
 * No wakeup is lost if both sides keep to this order (Dekker's, 1965):
 *
 * ```text
 *   waiting thread                  waking thread
 *   1. announces that it waits      1. writes what the other waits for
 *   2. checks again                 2. checks whether a thread waits
 *   3. parks, if it still must      3. wakes it, if so
 * ```
 *
 * Atomics are sequentially consistent (ECMAScript, "Memory Model"), so at least one of
 * the two checks sees what the other thread has written. `just example interleavings`
 * tries all orders.
 */
export type Parking = Int32Array<SharedArrayBuffer>;

/** The most threads in a parking, so that a set of them fits in one 32-bit word. */
export const MAX_THREADS = 32;
const AWAKE = 0;
const PARKED = 1;

/** Creates a parking: plain data to post to the other threads. */
export function newParking(): Parking {
  return new Int32Array(new SharedArrayBuffer(4 * MAX_THREADS));
}

/** A thread's own place to sleep. */
export class Parker {
  readonly #words: Parking;
  /** The index of its word: 0 to 31, unique to this thread. */
  readonly thread: number;

  /** @throws {RangeError} When the parking has no word for this thread. */
  constructor(words: Parking, thread: number) {
    if (!(thread >= 0 && thread < words.length) || thread % 1 !== 0)
      throw new RangeError(`Cannot park thread ${thread}: it must be 0 to 31`);
    this.#words = words;
    this.thread = thread;
  }

  /** From here on a wake is noticed. Check the condition again, then `park` or `cancel`. */
  prepare(): void {
    Atomics.store(this.#words, this.thread, PARKED);
  }

  /**
   * Sleeps until the next wake; returns at once if there was one since `prepare`.
   *
   * @param timeout Milliseconds; Infinity for no limit.
   */
  park(timeout = Number.POSITIVE_INFINITY): void {
    Atomics.wait(this.#words, this.thread, PARKED, timeout);
    this.cancel();
  }

  /** Undoes `prepare` when there is no need to sleep. */
  cancel(): void {
    Atomics.store(this.#words, this.thread, AWAKE);
  }
}

/**
 * Wakes a thread that is parked or about to park.
 *
 * @returns Whether it was; only then is there a system call.
 */
export function unpark(words: Parking, thread: number): boolean {
  if (Atomics.exchange(words, thread, AWAKE) !== PARKED) return false;
  Atomics.notify(words, thread);
  return true;
}
