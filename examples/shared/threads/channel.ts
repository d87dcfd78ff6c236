// A channel between threads: bounded, any number of senders and receivers, each value to one
// receiver. In the shape of async-channel and flume; its threads sleep while they wait.
import type { Parker, Parking } from "./parker.ts";
import { newQueue, Queue, type QueueMemory } from "./queue.ts";
import { type Source, type Waitable, waitFor } from "./select.ts";
import { newWaitList, WaitList, type WaitListMemory } from "./wait-list.ts";

/** Plain data, for a message to another thread, which makes a `Channel` of it. */
export interface ChannelMemory {
  readonly queue: QueueMemory;
  readonly receivers: WaitListMemory;
  readonly senders: WaitListMemory;
}

/**
 * @param capacity How many values wait in it at most: a power of two, from 2.
 * @param parking Of all threads that use it.
 */
export function newChannel(capacity: number, parking: Parking): ChannelMemory {
  return {
    queue: newQueue(capacity),
    receivers: newWaitList(parking),
    senders: newWaitList(parking),
  };
}

/**
 * ```text
 *   send ─► queue ─► recv        as long as there is room
 *     │ full           │ empty
 *     ▼                ▼
 *   senders          receivers   wait lists: taking a value wakes a sender, and so on
 * ```
 *
 * A value may be in the queue and not be seen yet: the one before it is still being written.
 * The receiver that was woken for it goes back to sleep, and the wake is used up. So each
 * receiver that takes a value wakes the next, if there is more, or if no more will come: a
 * chain that ends when the queue is empty. The same holds for senders, and room.
 */
export class Channel implements Source<number | "closed"> {
  readonly #queue: Queue;
  readonly waiters: WaitList;
  readonly #senders: WaitList;
  /** What a sender waits for. */
  readonly #room: Waitable;

  constructor(memory: ChannelMemory) {
    const queue = new Queue(memory.queue);
    const senders = new WaitList(memory.senders);
    this.waiters = new WaitList(memory.receivers);
    this.#queue = queue;
    this.#senders = senders;
    this.#room = {
      waiters: senders,
      get isReady() {
        return queue.hasRoom;
      },
    };
  }

  /** How many values were in it at some moment during the call. */
  get length(): number {
    return this.#queue.length;
  }

  /** Whether `tryRecv` has something to say. */
  get isReady(): boolean {
    return this.#queue.isReady;
  }

  /** Sends if that is possible at once. @param value A 32-bit integer. */
  trySend(value: number): "sent" | "full" | "closed" {
    const result = this.#queue.trySend(value);
    if (result !== "sent") return result;
    this.waiters.wakeOne();
    if (this.#senders.any && this.#queue.hasRoom) this.#senders.wakeOne();
    return result;
  }

  /** The next value, if there is one. "closed" when no more will come. */
  tryRecv(): number | "empty" | "closed" {
    const value = this.#queue.tryRecv();
    if (value === "empty") return value;
    if (value !== "closed") this.#senders.wakeOne();
    if (this.waiters.any && this.#queue.isReady) this.waiters.wakeOne();
    return value;
  }

  /** Sleeps until there is room. */
  send(parker: Parker, value: number): "sent" | "closed" {
    for (;;) {
      const result = this.trySend(value);
      if (result !== "full") return result;
      waitFor(parker, [this.#room]);
    }
  }

  /** Sleeps until there is a value, or the channel is closed and empty. */
  recv(parker: Parker): number | "closed" {
    for (;;) {
      const value = this.tryRecv();
      if (value !== "empty") return value;
      waitFor(parker, [this]);
    }
  }

  /** Nothing is sent from now on; what is in it can be received. Twice is once. */
  close(): void {
    this.#queue.close();
    this.waiters.wakeAll();
    this.#senders.wakeAll();
  }
}
