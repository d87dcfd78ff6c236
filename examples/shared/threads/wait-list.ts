// The threads that wait for the same thing, and how one of them is woken.
import { type Parking, unpark } from "./parker.ts";

/** Plain data, for a message to another thread. */
export interface WaitListMemory {
  /** One word: a bit for each thread that waits. */
  readonly waiting: Int32Array<SharedArrayBuffer>;
  readonly parking: Parking;
}

/** @param parking Of all threads that may ever wait in it. */
export function newWaitList(parking: Parking): WaitListMemory {
  return { waiting: new Int32Array(new SharedArrayBuffer(4)), parking };
}

/**
 * A set of threads. A thread that is woken is taken out, so that the next wake reaches the
 * next thread: each wake is for one. If it wakes for nothing that it can use, it must pass the
 * wake on.
 */
export class WaitList {
  readonly #waiting: WaitListMemory["waiting"];
  readonly #parking: Parking;
  /** Who was woken last from here: the next is another, as long as another waits. */
  #last = -1;

  constructor({ waiting, parking }: WaitListMemory) {
    this.#waiting = waiting;
    this.#parking = parking;
  }

  /** Whether there is anyone to wake. */
  get any(): boolean {
    return Atomics.load(this.#waiting, 0) !== 0;
  }

  /** After `Parker.prepare`: look again before you park. */
  add(thread: number): void {
    Atomics.or(this.#waiting, 0, 1 << thread);
  }

  /** @returns False when it was not in it: a wake was for this thread. */
  delete(thread: number): boolean {
    const bit = 1 << thread;
    return (Atomics.and(this.#waiting, 0, ~bit) & bit) !== 0;
  }

  /** Wakes one thread, if any waits; all in turn. @returns Whether the kernel was called. */
  wakeOne(): boolean {
    for (;;) {
      const waiting = Atomics.load(this.#waiting, 0);
      if (waiting === 0) return false;
      const behind = this.#last < 31 ? waiting & (-1 << (this.#last + 1)) : 0;
      const these = behind === 0 ? waiting : behind;
      const thread = 31 - Math.clz32(these & -these);
      this.#last = thread;
      // Another thread may have woken it meanwhile, or it has left.
      if (this.delete(thread)) return unpark(this.#parking, thread);
    }
  }

  /** Wakes all that wait. */
  wakeAll(): void {
    while (this.any) this.wakeOne();
  }
}
