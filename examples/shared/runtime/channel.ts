// A bounded channel between tasks of one thread: many senders, each value delivered to one
// receiver. Modelled on async-channel and flume.
import { type Future, PENDING, type Poll, type Waker } from "./future.ts";
import { Line, type Place } from "./line.ts";

/** Returned by `recv` on a closed and empty channel, and by `send` on a closed one. */
export const CLOSED: unique symbol = Symbol("closed");

/**
 * ```text
 *   send ─► [ v7  v8  v9 ] ─► recv        while there is room
 *   a sender waits while it is full, a receiver while it is empty: first come, first served
 * ```
 */
export class Channel<Value> {
  readonly #capacity: number;
  #values: Value[] = [];
  readonly #senders = new Line<End>();
  readonly #receivers = new Line<End>();
  #isClosed = false;

  /** @param capacity The most values it holds, 1 or more; Infinity for no limit. */
  constructor(capacity: number) {
    if (!(capacity >= 1)) throw new RangeError(`Cannot make a channel of ${capacity}`);
    this.#capacity = capacity;
  }

  /** How many values it holds. */
  get length(): number {
    return this.#values.length;
  }

  /** How many tasks wait to send or to receive. */
  get waiting(): number {
    return this.#senders.size + this.#receivers.size;
  }

  /** Sends a value once there is room. A send that is dropped before then sends nothing. */
  send(value: Value): Future<"sent" | typeof CLOSED> {
    return new End(this.#senders, () => {
      if (this.#isClosed) return CLOSED;
      return this.trySend(value) ? "sent" : PENDING;
    });
  }

  /** Receives the next value; {@link CLOSED} when closed and empty. Cancel safe. */
  recv(): Future<Value | typeof CLOSED> {
    return new End(this.#receivers, () => {
      const value = this.tryRecv();
      return value === PENDING && this.#isClosed ? CLOSED : value;
    });
  }

  /** Sends without waiting. @returns False when the channel is full or closed. */
  trySend(value: Value): boolean {
    if (this.#isClosed || this.#values.length >= this.#capacity) return false;
    this.#values.push(value);
    wakeFirst(this.#receivers);
    return true;
  }

  /** Receives without waiting. @returns PENDING when the channel is empty. */
  tryRecv(): Poll<Value> {
    if (this.#values.length === 0) return PENDING;
    const value = this.#values.shift() as Value;
    wakeFirst(this.#senders);
    return value;
  }

  /** Refuses further sends; values in the channel can still be received. Idempotent. */
  close(): void {
    this.#isClosed = true;
    for (const line of [this.#senders, this.#receivers])
      for (const end of line.drain()) end.wake();
  }
}

/** A send or a receive that may have to wait. */
class End<Result = unknown> implements Future<Result> {
  readonly #line: Line<End>;
  readonly #attempt: () => Poll<Result>;
  #waker: Waker | undefined;
  #place: Place<End> | undefined;
  /** It was woken for a value, or for room, that it has not taken yet. */
  #isNotified = false;

  constructor(line: Line<End>, attempt: () => Poll<Result>) {
    this.#line = line;
    this.#attempt = attempt;
  }

  poll(waker: Waker): Poll<Result> {
    this.#isNotified = false;
    const result = waker.consumeBudget() ? this.#attempt() : PENDING;
    this.#waker = waker;
    if (result !== PENDING) this.#leave();
    else if (!this.#place?.isLinked) this.#place = this.#line.add(this);
    return result;
  }

  /** Leaves the line. Passes an unused wake on to the next in line, or it would be lost. */
  drop(): void {
    this.#leave();
    if (this.#isNotified) wakeFirst(this.#line);
    this.#isNotified = false;
  }

  wake(): void {
    this.#leave();
    this.#isNotified = true;
    this.#waker?.wake();
  }

  #leave(): void {
    if (this.#place) this.#line.delete(this.#place);
  }
}

function wakeFirst(line: Line<End>): void {
  line.first?.value.wake();
}
