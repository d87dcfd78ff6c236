// A bounded queue for any number of threads at both ends, without a lock.

/**
 * A queue in shared memory: plain data, for a message to another thread.
 *
 * ```text
 *   turn    │ 16 │ 10 │ 12 │ 12 │     tail 12, head 10, in steps of 2
 *   value   │  · │  3 │  9 │  · │
 *             ▲     ▲    ▲    └ its turn is the tail's: free, the next to be sent to
 *             │     └────┴ ... one more than a turn past it: full
 * ```
 *
 * Dmitry Vyukov's bounded MPMC queue: each slot says by its turn whose it is. A sender takes
 * a slot by moving the tail, writes the value, and then the turn: until then a receiver finds
 * the slot empty, and so does one that would be served from the slots behind it.
 *
 * Turns and indexes count in twos, modulo 2³². The odd bit of the tail says that the queue is
 * closed, as in Rust's concurrent-queue: so no value can come in after the close.
 */
export interface QueueMemory {
  /** Head and tail, on cache lines of their own. */
  readonly ends: Int32Array<SharedArrayBuffer>;
  /** Turn and value of each slot. */
  readonly slots: Int32Array<SharedArrayBuffer>;
}

const HEAD = 0;
const TAIL = 16;
const CLOSED = 1;

/** @param capacity A power of two, from 2: with one slot, free and full have the same turn. */
export function newQueue(capacity: number): QueueMemory {
  if (!Number.isInteger(Math.log2(capacity)) || capacity < 2 || capacity > 2 ** 28)
    throw new RangeError(
      `Cannot make a queue of ${capacity}: it must be a power of two, from 2`,
    );
  const slots = new Int32Array(new SharedArrayBuffer(8 * capacity));
  for (let at = 0; at < capacity; at += 1) slots[2 * at] = 2 * at;
  return { ends: new Int32Array(new SharedArrayBuffer(128)), slots };
}

/** Any thread may have one, and call all of it. */
export class Queue {
  readonly #ends: QueueMemory["ends"];
  readonly #slots: QueueMemory["slots"];
  /** Of a turn: which slot it is, as the index of the slot's own turn. */
  readonly #mask: number;

  constructor({ ends, slots }: QueueMemory) {
    this.#ends = ends;
    this.#slots = slots;
    this.#mask = slots.length - 2;
  }

  /** How many values were in it at some moment during the call. */
  get length(): number {
    for (;;) {
      const head = Atomics.load(this.#ends, HEAD);
      const tail = Atomics.load(this.#ends, TAIL) & ~CLOSED;
      if (Atomics.load(this.#ends, HEAD) === head) return ((tail - head) | 0) >>> 1;
    }
  }

  /** Whether `tryRecv` would not have said "empty". */
  get isReady(): boolean {
    const head = Atomics.load(this.#ends, HEAD);
    if (((this.#turn(head) - head - 2) | 0) >= 0) return true;
    return Atomics.load(this.#ends, TAIL) === (head | CLOSED);
  }

  /** Whether `trySend` would not have said "full". */
  get hasRoom(): boolean {
    const tail = Atomics.load(this.#ends, TAIL);
    return (tail & CLOSED) !== 0 || ((this.#turn(tail) - tail) | 0) >= 0;
  }

  /**
   * @param value A 32-bit integer.
   * @returns "full" also while the receiver of the slot that is next has not left it.
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
    // Publishes the value: a thread that sees this turn sees it too.
    Atomics.store(this.#slots, at, (tail + 2) | 0);
    return "sent";
  }

  /** "empty" also while the sender of the value that is next has not written it. */
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
    // Gives the slot back: it is free for the turn of the next round.
    Atomics.store(this.#slots, at, (head + this.#slots.length) | 0);
    return value;
  }

  /** Nothing is sent from now on; what is in it can be received. Twice is once. */
  close(): void {
    Atomics.or(this.#ends, TAIL, CLOSED);
  }

  #turn(index: number): number {
    return Atomics.load(this.#slots, index & this.#mask);
  }

  /** Takes the slot when it is ours to take. @returns The index that was there. */
  #move(end: number, index: number, ahead: number): number {
    // Another thread has been faster: begin again with what it has left.
    if (ahead > 0) return Atomics.load(this.#ends, end);
    return Atomics.compareExchange(this.#ends, end, index, (index + 2) | 0);
  }
}
