// A broadcast channel: many senders, many receivers, every receiver gets every value.

/**
 * Reports how many values a receiver lost because it fell behind. Thrown once; the
 * receiver's next value is the oldest that the channel still keeps.
 */
export class Lagged extends Error {
  override readonly name = "Lagged";
  /** How many values were lost: 1 or more. */
  readonly missed: number;

  constructor(missed: number) {
    super(`Cannot keep up: ${missed} ${missed === 1 ? "message" : "messages"} missed`);
    this.missed = missed;
  }
}

/** What the channel and its receivers share. */
interface State<T> {
  /** Value number n is in `ring[n % capacity]`, until value n + capacity replaces it. */
  readonly ring: T[];
  readonly capacity: number;
  /** How many values were sent to any receiver, and so the number of the next one. */
  sent: number;
  receivers: number;
  closed: boolean;
  /** The wakers of waiting receivers. A receiver that does not wait can be collected. */
  readonly waiting: Set<() => void>;
}

/**
 * A bounded broadcast channel, with the semantics of tokio's `sync::broadcast`.
 *
 * ```text
 *   value      0  1  2  3  4  5  6  7
 *   kept                  [4  5  6  7]        capacity 4, sent 8
 *   receiver A                          ^     has read all: waits for value 8
 *   receiver B                  ^             two to read
 *   receiver C    ^                           missed 3 (1 to 3): reported, then 4
 * ```
 *
 * Sending does not block: a receiver that does not keep up loses values, and never
 * slows the others.
 *
 * @example
 * ```ts
 * const channel = new Broadcast<string>(32);
 * const inbox = channel.subscribe();
 * channel.send("hello");
 * console.log(await inbox.recv()); // hello
 * ```
 */
export class Broadcast<T> {
  readonly #state: State<T>;

  /**
   * @param capacity How many unread values are kept: 1 or more.
   * @throws {RangeError} When the capacity is not a whole number, or less than 1.
   */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`Cannot make a channel of capacity ${capacity}`);
    }
    this.#state = {
      ring: [],
      capacity,
      sent: 0,
      receivers: 0,
      closed: false,
      waiting: new Set(),
    };
  }

  /** How many receivers have subscribed and not closed. */
  get receiverCount(): number {
    return this.#state.receivers;
  }

  /** A new receiver: it gets every value sent from now on, in the order of sending. */
  subscribe(): Receiver<T> {
    return new Receiver(this.#state);
  }

  /**
   * Sends a value to all receivers. With no receivers it is lost.
   *
   * @returns How many receivers there are.
   * @throws {Error} When the channel is closed.
   */
  send(value: T): number {
    const state = this.#state;
    if (state.closed) throw new Error("Cannot send: the channel is closed");
    if (state.receivers === 0) return 0;
    state.ring[state.sent % state.capacity] = value;
    state.sent += 1;
    wakeAll(state);
    return state.receivers;
  }

  /**
   * Closes the channel: `send` throws from then on. Receivers get what is kept for them,
   * then the end.
   */
  close(): void {
    this.#state.closed = true;
    wakeAll(this.#state);
  }
}

/** One reader of a channel, made by {@link Broadcast.subscribe}. */
export class Receiver<T> implements AsyncIterableIterator<T> {
  readonly #state: State<T>;
  /** The number of the value to read next. */
  #next: number;
  #closed = false;
  #wake: (() => void) | undefined;

  /** @private Call {@link Broadcast.subscribe}. */
  constructor(state: State<T>) {
    this.#state = state;
    this.#next = state.sent;
    state.receivers += 1;
  }

  /**
   * Waits for the next value.
   *
   * @throws {Lagged} When values were lost; the next call continues.
   * @throws {Error} When the channel or this receiver is closed.
   */
  async recv(): Promise<T> {
    const result = await this.next();
    if (result.done) throw new Error("Cannot receive: the channel is closed");
    return result.value;
  }

  /**
   * The same for `for await` and `select`: a closed channel ends the loop.
   *
   * @throws {Lagged} When values were lost; the next call continues.
   * @throws {Error} When the previous call is still waiting.
   */
  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#wake) return Promise.reject(new Error("Cannot receive twice at once"));
    return new Promise((resolve, reject) => {
      const settle = () => {
        const result = this.#poll();
        if (result === undefined) return false;
        if (result instanceof Lagged) reject(result);
        else resolve(result);
        return true;
      };
      if (settle()) return;
      this.#wake = () => {
        this.#state.waiting.delete(this.#wake as () => void);
        this.#wake = undefined;
        settle();
      };
      this.#state.waiting.add(this.#wake);
    });
  }

  /** Leaves the channel, which then has one receiver fewer. A pending call gets the end. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#state.receivers -= 1;
    // No receiver is left to read what is kept, and later ones start after it.
    if (this.#state.receivers === 0) this.#state.ring.length = 0;
    this.#wake?.();
  }

  /** Called when a `for await` is left early. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.close();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** What there is to read now; undefined when there is nothing yet. */
  #poll(): IteratorResult<T, undefined> | Lagged | undefined {
    const { ring, capacity, sent, closed } = this.#state;
    if (this.#closed) return { done: true, value: undefined };
    const missed = sent - capacity - this.#next;
    if (missed > 0) {
      this.#next += missed;
      return new Lagged(missed);
    }
    if (this.#next === sent) return closed ? { done: true, value: undefined } : undefined;
    const value = ring[this.#next % capacity] as T;
    this.#next += 1;
    return { done: false, value };
  }
}

/** Each callback removes itself; the receiver it wakes runs later, as a microtask. */
function wakeAll<T>(state: State<T>): void {
  for (const wake of state.waiting) wake();
}
