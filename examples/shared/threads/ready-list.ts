// Which of many ports have something for a thread: each port is in the list at most once.
import type { Parking } from "./parker.ts";
import { newQueue, Queue, type QueueMemory } from "./queue.ts";
import type { Source } from "./select.ts";
import { newWaitList, WaitList, type WaitListMemory } from "./wait-list.ts";

/** Plain data, for a message to another thread, which makes a `ReadyList` of it. */
export interface ReadyListMemory {
  /** For each number, whether it is in the queue. */
  readonly listed: Int32Array<SharedArrayBuffer>;
  readonly queue: QueueMemory;
  readonly receivers: WaitListMemory;
}

/**
 * @param count The numbers are 0 to `count` - 1.
 * @param parking Of the thread that receives.
 */
export function newReadyList(count: number, parking: Parking): ReadyListMemory {
  // A power of two, from 2, and one place for each number: so it is never full.
  const capacity = 2 ** Math.max(1, Math.ceil(Math.log2(count)));
  return {
    listed: new Int32Array(new SharedArrayBuffer(4 * count)),
    queue: newQueue(capacity),
    receivers: newWaitList(parking),
  };
}

/**
 * What epoll's ready list is for sockets, for the ports of a thread: it looks at those that have
 * something, and not at all of them. Any thread adds, one receives.
 *
 * ```text
 *   listed   0 1 0 0 1 1 0 0        add(4) again: it is listed, nothing happens
 *   queue    5 ─ 1 ─ 4 ─►           tryRecv: 4, which from now on is not listed
 * ```
 *
 * First write to the port, then `add`. First `tryRecv`, then read the port until it is empty: what
 * is written to it later is followed by an `add` that finds it not listed.
 */
export class ReadyList implements Source<number> {
  readonly waiters: WaitList;
  readonly #listed: ReadyListMemory["listed"];
  readonly #queue: Queue;
  readonly #wake: () => void;

  /** @param wake Wakes the thread that receives, where that sleeps in a poll instead. */
  constructor(memory: ReadyListMemory, wake?: () => void) {
    const waiters = new WaitList(memory.receivers);
    this.waiters = waiters;
    this.#listed = memory.listed;
    this.#queue = new Queue(memory.queue);
    this.#wake = wake ?? (() => waiters.wakeOne());
  }

  /** Whether `tryRecv` has a number. */
  get isReady(): boolean {
    return this.#queue.isReady;
  }

  add(number: number): void {
    if (Atomics.exchange(this.#listed, number, 1) === 1) return;
    this.#queue.trySend(number);
    this.#wake();
  }

  /** The number that was added first. */
  tryRecv(): number | "empty" {
    const number = this.#queue.tryRecv();
    if (typeof number !== "number") return "empty";
    // Before its port is read: what comes from now on is added again.
    Atomics.store(this.#listed, number, 0);
    return number;
  }
}
