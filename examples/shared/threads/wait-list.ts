// The threads that wait for the same thing, woken one at a time.
import { type Parking, unpark } from "./parker.ts";

/** Plain data to post to another thread. */
export interface WaitListMemory {
  /** One word: a bit for each waiting thread. */
  readonly waiting: Int32Array<SharedArrayBuffer>;
  readonly parking: Parking;
}

/** @param parking The parking of all threads that may ever wait. */
export function newWaitList(parking: Parking): WaitListMemory {
  return { waiting: new Int32Array(new SharedArrayBuffer(4)), parking };
}

/**
 * A set of waiting threads. A woken thread is removed, so that the next wake reaches
 * another: each wake is for one thread. A thread that cannot use its wake must pass it on.
 */
export class WaitList {
  readonly #waiting: WaitListMemory["waiting"];
  readonly #parking: Parking;
  /** The thread that we woke last. The next is another, if another waits. */
  #last = -1;

  constructor({ waiting, parking }: WaitListMemory) {
    this.#waiting = waiting;
    this.#parking = parking;
  }

  /** Whether any thread waits. */
  get any(): boolean {
    return Atomics.load(this.#waiting, 0) !== 0;
  }

  /** Adds a thread, after its `Parker.prepare`. It must then check the condition again. */
  add(thread: number): void {
    Atomics.or(this.#waiting, 0, 1 << thread);
  }

  /** Removes a thread. @returns False when a wake for it has already done so. */
  delete(thread: number): boolean {
    const bit = 1 << thread;
    return (Atomics.and(this.#waiting, 0, ~bit) & bit) !== 0;
  }

  /** Wakes the next waiting thread, round-robin. @returns Whether it took a system call. */
  wakeOne(): boolean {
    for (;;) {
      const waiting = Atomics.load(this.#waiting, 0);
      if (waiting === 0) return false;
      const after = this.#last < 31 ? waiting & (-1 << (this.#last + 1)) : 0;
      const these = after === 0 ? waiting : after;
      const thread = 31 - Math.clz32(these & -these);
      this.#last = thread;
      // Unless it has left, or another thread has just woken it.
      if (this.delete(thread)) return unpark(this.#parking, thread);
    }
  }

  /** Wakes all waiting threads. */
  wakeAll(): void {
    while (this.any) this.wakeOne();
  }
}
