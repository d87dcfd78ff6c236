// A two-way channel between two threads, with a ring for each direction. A thread sleeps
// while it waits. The port can stand for a socket, a file, or just the other thread.
import type { Parker, Parking } from "./parker.ts";
import { newRing, type RingMemory, RingReceiver, RingSender } from "./ring.ts";
import { type Source, type Waitable, waitFor } from "./select.ts";
import { newWaitList, WaitList, type WaitListMemory } from "./wait-list.ts";

/** Plain data to post to another thread. Each pair is indexed by end, 0 or 1. */
export interface PortMemory {
  /** Values sent from this end to the other. */
  readonly rings: Pair<RingMemory>;
  /** One word: non-zero once either end was closed. */
  readonly closed: Int32Array<SharedArrayBuffer>;
  /** The thread at this end, while it waits for a value. */
  readonly receivers: Pair<WaitListMemory>;
  /** The same, while it waits for room. */
  readonly senders: Pair<WaitListMemory>;
}
type Pair<One> = readonly [One, One];

/**
 * @param capacity The most values queued in each direction: a power of two.
 * @param parking The parking of all threads that may ever own an end.
 */
export function newPort(capacity: number, parking: Parking): PortMemory {
  return {
    rings: [newRing(capacity), newRing(capacity)],
    closed: new Int32Array(new SharedArrayBuffer(4)),
    receivers: [newWaitList(parking), newWaitList(parking)],
    senders: [newWaitList(parking), newWaitList(parking)],
  };
}

/** Resets a port to new and open. Call it only while no thread owns an end. */
export function clearPort({ rings, closed, receivers, senders }: PortMemory): void {
  const lists = [...receivers, ...senders].map(({ waiting }) => waiting);
  for (const words of [...rings.map(({ ends }) => ends), closed, ...lists]) {
    for (const at of words.keys()) Atomics.store(words, at, 0);
  }
}

/**
 * One end of a port, owned by one thread at a time.
 *
 * ```text
 *   end 0   send ─► ring 0 ─► recv   end 1
 *           recv ◄─ ring 1 ◄─ send
 * ```
 *
 * A sender that found the ring full is woken once it is half empty. Woken for every free
 * slot, the thread would sleep and wake once per value.
 */
export class Port implements Source<number | "closed"> {
  readonly waiters: WaitList;
  /** Room to send. `waitFor` can wait for it along with other sources. */
  readonly room: Waitable;
  readonly #out: RingSender;
  readonly #in: RingReceiver;
  readonly #closed: PortMemory["closed"];
  readonly #half: number;
  readonly #wakeReceiver: () => void;
  readonly #waitingSenders: WaitList;

  /**
   * @param mine Which end this is.
   * @param wake Wakes the thread at the other end, if it sleeps in a poll instead of
   *   parking. It must do so whenever that thread sleeps or is about to.
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

  /** Whether `tryRecv` would return a value or "closed". */
  get isReady(): boolean {
    return this.#in.length > 0 || this.#isOver;
  }

  get #isOver(): boolean {
    return Atomics.load(this.#closed, 0) !== 0;
  }

  /** Sends without blocking. @param value A 32-bit integer. */
  trySend(value: number): "sent" | "full" | "closed" {
    if (this.#isOver) return "closed";
    if (!this.#out.trySend(value)) return "full";
    this.#wakeReceiver();
    return "sent";
  }

  /** Receives without blocking; "closed" once the port is closed and empty. */
  tryRecv(): number | "empty" | "closed" {
    // Read before the ring, so that no value sent before the close is lost.
    const isOver = this.#isOver;
    const value = this.#in.tryRecv();
    if (value === undefined) return isOver ? "closed" : "empty";
    if (this.#waitingSenders.any && this.#in.length <= this.#half)
      this.#waitingSenders.wakeOne();
    return value;
  }

  /** Sends; sleeps while the ring is full. */
  send(parker: Parker, value: number): "sent" | "closed" {
    for (;;) {
      const result = this.trySend(value);
      if (result !== "full") return result;
      waitFor(parker, [this.room]);
    }
  }

  /** Receives; sleeps while the ring is empty and both ends are open. */
  recv(parker: Parker): number | "closed" {
    for (;;) {
      const value = this.tryRecv();
      if (value !== "empty") return value;
      waitFor(parker, [this]);
    }
  }

  /**
   * Closes both directions; values sent before can still be received. Idempotent. If the
   * thread at an end has died, another thread closes that end for it.
   */
  close(): void {
    Atomics.store(this.#closed, 0, 1);
    this.#wakeReceiver();
    this.#waitingSenders.wakeOne();
  }
}
