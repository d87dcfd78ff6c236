// A bounded ring without locks between two threads: one sends, the other receives.

/**
 * A ring in shared memory: plain data to post to another thread.
 *
 * ```text
 *            head: next to receive      tail: next to send
 *              ▼                          ▼
 *   slots  │ │ 7 │ 3 │ 9 │ 4 │ 1 │ 8 │ 2 │ │ │      capacity: a power of two
 *              └── sent, not received ──┘
 * ```
 *
 * After Lamport ("Proving the Correctness of Multiprocess Programs", 1977): each index
 * has a single writer, so no thread ever retries. Indexes count up modulo 2³². The
 * values are 32-bit integers. Anything larger is kept elsewhere in shared memory, and
 * its number is sent.
 */
export interface RingMemory {
  /** Head and tail, each on its own cache line because each thread writes one of them. */
  readonly ends: Int32Array<SharedArrayBuffer>;
  readonly slots: Int32Array<SharedArrayBuffer>;
}

const HEAD = 0;
const TAIL = 16;

/** @param capacity A power of two. @throws {RangeError} When it is not. */
export function newRing(capacity: number): RingMemory {
  if (!Number.isInteger(Math.log2(capacity)) || capacity < 1 || capacity > 2 ** 30)
    throw new RangeError(`Cannot make a ring of ${capacity}: it must be a power of two`);
  return {
    ends: new Int32Array(new SharedArrayBuffer(128)),
    slots: new Int32Array(new SharedArrayBuffer(4 * capacity)),
  };
}

/** The sending end, for one thread. */
export class RingSender {
  readonly #ends: RingMemory["ends"];
  readonly #slots: RingMemory["slots"];
  readonly #mask: number;
  #tail: number;
  /** The head as last seen; read again only when the ring looks full. */
  #head: number;

  /** Continues where the previous sender stopped, if there was one. */
  constructor({ ends, slots }: RingMemory) {
    this.#ends = ends;
    this.#slots = slots;
    this.#mask = slots.length - 1;
    this.#tail = Atomics.load(ends, TAIL);
    this.#head = Atomics.load(ends, HEAD);
  }

  /** How many more values fit. The receiver can only increase that. */
  get room(): number {
    this.#head = Atomics.load(this.#ends, HEAD);
    return this.#slots.length - ((this.#tail - this.#head) | 0);
  }

  /** @param value A 32-bit integer. @returns False when there is no room. */
  trySend(value: number): boolean {
    const tail = this.#tail;
    if (((tail - this.#head) | 0) > this.#mask && this.room === 0) return false;
    this.#slots[tail & this.#mask] = value;
    this.#tail = (tail + 1) | 0;
    // Publishes the slot: a thread that sees this tail also sees the value.
    Atomics.store(this.#ends, TAIL, this.#tail);
    return true;
  }
}

/** The receiving end, for one thread. */
export class RingReceiver {
  readonly #ends: RingMemory["ends"];
  readonly #slots: RingMemory["slots"];
  readonly #mask: number;
  #head: number;
  /** The tail as last seen; read again only when the ring looks empty. */
  #tail: number;

  /** Continues where the previous receiver stopped, if there was one. */
  constructor({ ends, slots }: RingMemory) {
    this.#ends = ends;
    this.#slots = slots;
    this.#mask = slots.length - 1;
    this.#head = Atomics.load(ends, HEAD);
    this.#tail = Atomics.load(ends, TAIL);
  }

  /** How many values can be received. The sender can only increase that. */
  get length(): number {
    this.#tail = Atomics.load(this.#ends, TAIL);
    return (this.#tail - this.#head) | 0;
  }

  /** Takes the next value; undefined when the ring is empty. */
  tryRecv(): number | undefined {
    const head = this.#head;
    if (head === this.#tail && this.length === 0) return undefined;
    const value = this.#slots[head & this.#mask];
    this.#head = (head + 1) | 0;
    // Frees the slot: the sender may now write to it.
    Atomics.store(this.#ends, HEAD, this.#head);
    return value;
  }
}
