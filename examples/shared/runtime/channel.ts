// A channel between tasks of one thread: bounded, many senders, each value to one receiver. In
// the shape of async-channel and flume.
import { type Future, PENDING, type Poll, type Waker } from "./future.ts";
import { Line, type Place } from "./line.ts";

/** What `recv` returns when no more will come, and `send` when nobody will take it. */
export const CLOSED: unique symbol = Symbol("closed");

/**
 * ```text
 *   send ─► [ v7  v8  v9 ] ─► recv        as long as there is room
 *   a sender that finds it full waits; a receiver that finds it empty waits: first come,
 *   first served
 * ```
 */
export class Channel<Value> {
  readonly #capacity: number;
  #values: Value[] = [];
  readonly #senders = new Line<End>();
  readonly #receivers = new Line<End>();
  #isClosed = false;

  /** @param capacity How many values wait at most, from 1; Infinity for no limit. */
  constructor(capacity: number) {
    if (!(capacity >= 1)) throw new RangeError(`Cannot make a channel of ${capacity}`);
    this.#capacity = capacity;
  }

  /** How many values are in it. */
  get length(): number {
    return this.#values.length;
  }

  /** How many tasks wait to send or to receive. */
  get waiting(): number {
    return this.#senders.size + this.#receivers.size;
  }

  /** Waits until there is room. When it is dropped before, the value was not sent. */
  send(value: Value): Future<"sent" | typeof CLOSED> {
    return new End(this.#senders, () => {
      if (this.#isClosed) return CLOSED;
      return this.trySend(value) ? "sent" : PENDING;
    });
  }

  /** The next value; {@link CLOSED} when it is closed and empty. Cancel safe. */
  recv(): Future<Value | typeof CLOSED> {
    return new End(this.#receivers, () => {
      const value = this.tryRecv();
      return value === PENDING && this.#isClosed ? CLOSED : value;
    });
  }

  /** False when there is no room, or it is closed. */
  trySend(value: Value): boolean {
    if (this.#isClosed || this.#values.length >= this.#capacity) return false;
    this.#values.push(value);
    wakeFirst(this.#receivers);
    return true;
  }

  /** PENDING when it is empty. */
  tryRecv(): Poll<Value> {
    if (this.#values.length === 0) return PENDING;
    const value = this.#values.shift() as Value;
    wakeFirst(this.#senders);
    return value;
  }

  /** No more is sent; what is in it can be received. Twice is once. */
  close(): void {
    this.#isClosed = true;
    for (const line of [this.#senders, this.#receivers])
      for (const end of line.drain()) end.wake();
  }
}

/** One who waits at an end of a channel. */
class End<Result = unknown> implements Future<Result> {
  readonly #line: Line<End>;
  readonly #attempt: () => Poll<Result>;
  #waker: Waker | undefined;
  #place: Place<End> | undefined;
  /** It was woken for something that it has not taken yet. */
  #isCalled = false;

  constructor(line: Line<End>, attempt: () => Poll<Result>) {
    this.#line = line;
    this.#attempt = attempt;
  }

  poll(waker: Waker): Poll<Result> {
    this.#isCalled = false;
    const result = waker.mayGoOn() ? this.#attempt() : PENDING;
    this.#waker = waker;
    if (result !== PENDING) this.#leave();
    else if (!this.#place?.isIn) this.#place = this.#line.add(this);
    return result;
  }

  /** Leaves the line. What it was woken for is another's: or a wake would be lost. */
  drop(): void {
    this.#leave();
    if (this.#isCalled) wakeFirst(this.#line);
    this.#isCalled = false;
  }

  wake(): void {
    this.#leave();
    this.#isCalled = true;
    this.#waker?.wake();
  }

  #leave(): void {
    if (this.#place) this.#line.delete(this.#place);
  }
}

function wakeFirst(line: Line<End>): void {
  line.first?.value.wake();
}
