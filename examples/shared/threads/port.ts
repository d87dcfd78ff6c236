// A way in both directions between two threads: a ring each way, and each end sleeps while it
// waits. It can stand for a socket, a file, or just the other thread.
import type { Parker, Parking } from "./parker.ts";
import { newRing, type RingMemory, RingReceiver, RingSender } from "./ring.ts";
import { type Source, type Waitable, waitFor } from "./select.ts";
import { newWaitList, WaitList, type WaitListMemory } from "./wait-list.ts";

/** Plain data, for a message to another thread. What comes in pairs: of end 0, of end 1. */
export interface PortMemory {
  /** From this end to the other. */
  readonly rings: Pair<RingMemory>;
  /** One word: not 0 when one of the ends was closed. */
  readonly closed: Int32Array<SharedArrayBuffer>;
  /** The thread at this end, while it waits for something to come. */
  readonly receivers: Pair<WaitListMemory>;
  /** The same, while it waits for room. */
  readonly senders: Pair<WaitListMemory>;
}
type Pair<One> = readonly [One, One];

/**
 * @param capacity How many values wait in each direction at most: a power of two.
 * @param parking Of all threads that may ever have an end.
 */
export function newPort(capacity: number, parking: Parking): PortMemory {
  return {
    rings: [newRing(capacity), newRing(capacity)],
    closed: new Int32Array(new SharedArrayBuffer(4)),
    receivers: [newWaitList(parking), newWaitList(parking)],
    senders: [newWaitList(parking), newWaitList(parking)],
  };
}

/** Makes a port as new, and open again, when nobody has an end of it. */
export function clearPort({ rings, closed, receivers, senders }: PortMemory): void {
  const lists = [...receivers, ...senders].map(({ waiting }) => waiting);
  for (const words of [...rings.map(({ ends }) => ends), closed, ...lists]) {
    for (const at of words.keys()) Atomics.store(words, at, 0);
  }
}

/**
 * One end; it belongs to one thread at a time.
 *
 * ```text
 *   end 0   send ─► ring 0 ─► recv   end 1
 *           recv ◄─ ring 1 ◄─ send
 * ```
 *
 * A sender that found the ring full is woken when it is half empty: woken for each free slot,
 * it would sleep and wake for each value.
 */
export class Port implements Source<number | "closed"> {
  readonly waiters: WaitList;
  /** To wait until more can be sent, also together with other sources. */
  readonly room: Waitable;
  readonly #out: RingSender;
  readonly #in: RingReceiver;
  readonly #closed: PortMemory["closed"];
  readonly #half: number;
  readonly #wakeReceiver: () => void;
  readonly #waitingSenders: WaitList;

  /**
   * @param mine Which end this is.
   * @param wake Wakes the thread at the other end, which may sleep in a poll instead: it must
   *   do so whenever that thread sleeps, or is about to.
   */
  constructor(memory: PortMemory, mine: 0 | 1, wake?: () => void) {
    const other = mine === 0 ? 1 : 0;
    this.#out = new RingSender(memory.rings[mine]);
    this.#in = new RingReceiver(memory.rings[other]);
    this.#closed = memory.closed;
    this.#half = (memory.rings[mine].slots.length + 1) >> 1;
    this.waiters = new WaitList(memory.receivers[mine]);
    this.#waitingSenders = new WaitList(memory.senders[other]);
    const receivers = new WaitList(memory.receivers[other]);
    this.#wakeReceiver = wake ?? (() => receivers.wakeOne());
    const [out, half] = [this.#out, this.#half];
    const isOver = () => this.#isOver;
    this.room = {
      waiters: new WaitList(memory.senders[mine]),
      get isReady() {
        return out.room >= half || isOver();
      },
    };
  }

  /** Whether `tryRecv` has something to say. */
  get isReady(): boolean {
    return this.#in.length > 0 || this.#isOver;
  }

  get #isOver(): boolean {
    return Atomics.load(this.#closed, 0) !== 0;
  }

  /** Sends if that is possible at once. @param value A 32-bit integer. */
  trySend(value: number): "sent" | "full" | "closed" {
    if (this.#isOver) return "closed";
    if (!this.#out.trySend(value)) return "full";
    this.#wakeReceiver();
    return "sent";
  }

  /** The next value, if there is one. "closed" when no more will come. */
  tryRecv(): number | "empty" | "closed" {
    // Of what was sent before the close nothing is lost: it is looked for after.
    const isOver = this.#isOver;
    const value = this.#in.tryRecv();
    if (value === undefined) return isOver ? "closed" : "empty";
    if (this.#waitingSenders.any && this.#in.length <= this.#half)
      this.#waitingSenders.wakeOne();
    return value;
  }

  /** Sleeps until there is room. */
  send(parker: Parker, value: number): "sent" | "closed" {
    for (;;) {
      const result = this.trySend(value);
      if (result !== "full") return result;
      waitFor(parker, [this.room]);
    }
  }

  /** Sleeps until there is a value, or one of the ends is closed. */
  recv(parker: Parker): number | "closed" {
    for (;;) {
      const value = this.tryRecv();
      if (value !== "empty") return value;
      waitFor(parker, [this]);
    }
  }

  /**
   * Closes both directions; the other end receives what was sent before. Twice is once. For a
   * thread that has died, another closes its end.
   */
  close(): void {
    Atomics.store(this.#closed, 0, 1);
    this.#wakeReceiver();
    this.#waitingSenders.wakeOne();
  }
}
