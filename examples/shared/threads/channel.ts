// A bounded channel between threads: many senders, many receivers, each value delivered to
// one receiver. Modelled on async-channel and flume. Threads sleep while they wait.
import type { Parker, Parking } from "./parker.ts";
import { newQueue, Queue, type QueueMemory } from "./queue.ts";
import { type Source, type Waitable, waitFor } from "./select.ts";
import { newWaitList, WaitList, type WaitListMemory } from "./wait-list.ts";

/** Plain data to post to another thread, which makes its own `Channel` from it. */
export interface ChannelMemory {
  readonly queue: QueueMemory;
  readonly receivers: WaitListMemory;
  readonly senders: WaitListMemory;
}

/**
 * @param capacity The most values it holds: a power of two, 2 or more.
 * @param parking The parking of all threads that use the channel.
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
 *   send ─► queue ─► recv        while there is room
 *     │ full           │ empty
 *     ▼                ▼
 *   senders          receivers   wait lists: a send wakes a receiver, a receive a sender
 * ```
 *
 * A value in the queue may not be visible yet because the one before it is still being
 * written. The receiver that was woken for it goes back to sleep, and its wake is used
 * up. So each receiver that takes a value wakes the next one if there are more values or
 * the channel is closed, in a chain that ends when the queue is empty. Senders do the
 * same for free slots.
 */
export class Channel implements Source<number | "closed"> {
  readonly #queue: Queue;
  readonly waiters: WaitList;
  readonly #senders: WaitList;
  /** What a sender waits for: room, or the close. */
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

  /** How many values were in the queue at some moment during the call. */
  get length(): number {
    return this.#queue.length;
  }

  /** Whether `tryRecv` would return a value or "closed". */
  get isReady(): boolean {
    return this.#queue.isReady;
  }

  /** Sends without blocking. @param value A 32-bit integer. */
  trySend(value: number): "sent" | "full" | "closed" {
    const result = this.#queue.trySend(value);
    if (result !== "sent") return result;
    this.waiters.wakeOne();
    if (this.#senders.any && this.#queue.hasRoom) this.#senders.wakeOne();
    return result;
  }

  /** Receives without blocking; "closed" once the channel is closed and empty. */
  tryRecv(): number | "empty" | "closed" {
    const value = this.#queue.tryRecv();
    if (value === "empty") return value;
    if (value !== "closed") this.#senders.wakeOne();
    if (this.waiters.any && this.#queue.isReady) this.waiters.wakeOne();
    return value;
  }

  /** Sends; sleeps while the channel is full. */
  send(parker: Parker, value: number): "sent" | "closed" {
    for (;;) {
      const result = this.trySend(value);
      if (result !== "full") return result;
      waitFor(parker, [this.#room]);
    }
  }

  /** Receives; sleeps while the channel is empty and open. */
  recv(parker: Parker): number | "closed" {
    for (;;) {
      const value = this.tryRecv();
      if (value !== "empty") return value;
      waitFor(parker, [this]);
    }
  }

  /** Refuses further sends; values in the queue can still be received. Idempotent. */
  close(): void {
    this.#queue.close();
    this.waiters.wakeAll();
    this.#senders.wakeAll();
  }
}
