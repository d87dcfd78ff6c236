// The ports that have something for a thread to receive, each listed at most once.
import type { Parking } from "./parker.ts";
import { newQueue, Queue, type QueueMemory } from "./queue.ts";
import type { Source } from "./select.ts";
import { newWaitList, WaitList, type WaitListMemory } from "./wait-list.ts";

/** Plain data to post to another thread, which makes its own `ReadyList` from it. */
export interface ReadyListMemory {
  /** For each number, whether it is in the queue. */
  readonly listed: Int32Array<SharedArrayBuffer>;
  readonly queue: QueueMemory;
  readonly receivers: WaitListMemory;
}

/**
 * @param count The numbers are 0 to `count` - 1.
 * @param parking The parking of the thread that receives.
 */
export function newReadyList(count: number, parking: Parking): ReadyListMemory {
  // A power of two. With two slots per number it is never full: see `unlist`.
  const capacity = 2 ** Math.ceil(Math.log2(2 * count));
  return {
    listed: new Int32Array(new SharedArrayBuffer(4 * count)),
    queue: newQueue(capacity),
    receivers: newWaitList(parking),
  };
}

/**
 * Does for the ports of a thread what epoll's ready list does for sockets: the thread looks
 * only at the ports that have something, not at all of them. Any thread adds, one receives.
 *
 * ```text
 *   listed   0 1 0 0 1 1 0 0        add(4): already listed, does nothing
 *   queue    5 ─ 1 ─ 4 ─►           tryRecv(): 4, which is then no longer listed
 * ```
 *
 * A sender writes to the port first, and then calls `add`. The receiver calls `tryRecv`
 * first, and then reads the port until it is empty. Any later write is followed by an `add`
 * that finds the port not listed.
 */
export class ReadyList implements Source<number> {
  readonly waiters: WaitList;
  readonly #listed: ReadyListMemory["listed"];
  readonly #queue: Queue;
  readonly #wake: () => void;

  /** @param wake Wakes the receiving thread, if it sleeps in a poll instead of parking. */
  constructor(memory: ReadyListMemory, wake?: () => void) {
    const waiters = new WaitList(memory.receivers);
    this.waiters = waiters;
    this.#listed = memory.listed;
    this.#queue = new Queue(memory.queue);
    this.#wake = wake ?? (() => waiters.wakeOne());
  }

  /** Whether `tryRecv` would return a number. */
  get isReady(): boolean {
    return this.#queue.isReady;
  }

  add(number: number): void {
    if (Atomics.exchange(this.#listed, number, 1) === 1) return;
    this.#queue.trySend(number);
    this.#wake();
  }

  /** Takes the number that was added first. */
  tryRecv(): number | "empty" {
    const number = this.#queue.tryRecv();
    if (typeof number !== "number") return "empty";
    // Before the port is read, so that any later write adds it again.
    Atomics.store(this.#listed, number, 0);
    return number;
  }

  /**
   * Lets a number be added again, because a thread that died may have listed it without
   * queueing it. If it is still queued, it may then be received twice, which does no harm.
   */
  unlist(number: number): void {
    Atomics.store(this.#listed, number, 0);
  }
}
