// A bounded queue without locks, for any number of sending and receiving threads.

/**
 * A queue in shared memory: plain data to post to another thread.
 *
 * ```text
 *   turn    │ 16 │ 12 │ 14 │ 14 │     head 10, tail 14, in steps of 2
 *   value   │  · │  3 │  9 │  · │
 *              │    └────┤    └ index 14, its turn is 14: free, the next to be sent to
 *              │         └ indexes 10 and 12, their turns are one step ahead: full
 *              └ index 16, its turn is 16: free
 * ```
 *
 * Dmitry Vyukov's bounded MPMC queue: the turn of a slot says whether it is free or full. A
 * sender claims a slot by advancing the tail, writes the value, and then writes the turn.
 * Until then the slot counts as empty, and no value in the slots after it can be received.
 *
 * Turns and indexes count in twos, modulo 2³². The low bit of the tail says that the queue
 * is closed, as in Rust's concurrent-queue, so no value can be sent after the close.
 */
export interface QueueMemory {
  /** Head and tail, each on its own cache line. */
  readonly ends: Int32Array<SharedArrayBuffer>;
  /** Turn and value of each slot. */
  readonly slots: Int32Array<SharedArrayBuffer>;
}

const HEAD = 0;
const TAIL = 16;
const CLOSED = 1;

/** @param capacity A power of two, 2 or more: one slot could not tell free from full. */
export function newQueue(capacity: number): QueueMemory {
  if (!Number.isInteger(Math.log2(capacity)) || capacity < 2 || capacity > 2 ** 28)
    throw new RangeError(
      `Cannot make a queue of ${capacity}: it must be a power of two, 2 or more`,
    );
  const slots = new Int32Array(new SharedArrayBuffer(8 * capacity));
  for (let at = 0; at < capacity; at += 1) slots[2 * at] = 2 * at;
  return { ends: new Int32Array(new SharedArrayBuffer(128)), slots };
}

/** A thread's view of a queue. Any thread may have one and call all of its methods. */
export class Queue {
  readonly #ends: QueueMemory["ends"];
  readonly #slots: QueueMemory["slots"];
  /** Masks an index to the position of its slot's turn in `#slots`. */
  readonly #mask: number;

  constructor({ ends, slots }: QueueMemory) {
    this.#ends = ends;
    this.#slots = slots;
    this.#mask = slots.length - 2;
  }

  /** How many values were in the queue at some moment during the call. */
  get length(): number {
    for (;;) {
      const head = Atomics.load(this.#ends, HEAD);
      const tail = Atomics.load(this.#ends, TAIL) & ~CLOSED;
      if (Atomics.load(this.#ends, HEAD) === head) return ((tail - head) | 0) >>> 1;
    }
  }

  /** Whether `tryRecv` would return something other than "empty". */
  get isReady(): boolean {
    const head = Atomics.load(this.#ends, HEAD);
    if (((this.#turn(head) - head - 2) | 0) >= 0) return true;
    return Atomics.load(this.#ends, TAIL) === (head | CLOSED);
  }

  /** Whether `trySend` would return something other than "full". */
  get hasRoom(): boolean {
    const tail = Atomics.load(this.#ends, TAIL);
    return (tail & CLOSED) !== 0 || ((this.#turn(tail) - tail) | 0) >= 0;
  }

  /**
   * @param value A 32-bit integer.
   * @returns "full" when there is no room, or the next slot is still being read.
   */
  trySend(value: number): "sent" | "full" | "closed" {
    let tail = Atomics.load(this.#ends, TAIL);
    for (;;) {
      if ((tail & CLOSED) !== 0) return "closed";
      const ahead = (this.#turn(tail) - tail) | 0;
      if (ahead < 0) return "full";
      const seen = this.#move(TAIL, tail, ahead);
      if (seen === tail && ahead === 0) break;
      tail = seen;
    }
    const at = tail & this.#mask;
    this.#slots[at + 1] = value;
    // Publishes the value: a thread that sees this turn also sees the value.
    Atomics.store(this.#slots, at, (tail + 2) | 0);
    return "sent";
  }

  /** @returns "empty" when there is no value, or the next one is still being written. */
  tryRecv(): number | "empty" | "closed" {
    let head = Atomics.load(this.#ends, HEAD);
    for (;;) {
      const ahead = (this.#turn(head) - head - 2) | 0;
      if (ahead < 0) {
        const isOver = Atomics.load(this.#ends, TAIL) === (head | CLOSED);
        return isOver ? "closed" : "empty";
      }
      const seen = this.#move(HEAD, head, ahead);
      if (seen === head && ahead === 0) break;
      head = seen;
    }
    const at = head & this.#mask;
    const value = this.#slots[at + 1] as number;
    // Frees the slot for the next lap.
    Atomics.store(this.#slots, at, (head + this.#slots.length) | 0);
    return value;
  }

  /** Refuses further sends; values in the queue can still be received. Idempotent. */
  close(): void {
    Atomics.or(this.#ends, TAIL, CLOSED);
  }

  #turn(index: number): number {
    return Atomics.load(this.#slots, index & this.#mask);
  }

  /** Claims the slot if `ahead` is 0. @returns The index found there. */
  #move(end: number, index: number, ahead: number): number {
    // Another thread was faster: retry from the current index.
    if (ahead > 0) return Atomics.load(this.#ends, end);
    return Atomics.compareExchange(this.#ends, end, index, (index + 2) | 0);
  }
}
