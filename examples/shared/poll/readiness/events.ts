// What a wait brought: a list that is made once, and refilled by each wait.
import type { Token } from "../token.ts";

/** The bits of an event. */
export const READY = {
  readable: 1,
  writable: 2,
  /** The peer has finished sending, or is gone: reading comes to an end. */
  readClosed: 4,
  /** Nothing that we write can arrive any more. */
  writeClosed: 8,
  /** The socket has failed; `takeError` says how. */
  error: 16,
} as const;

/** A set of bits of `READY`. */
export type Ready = number;

/** An event as an object, for programs that rather read well than run fast. */
export interface Event {
  readonly token: Token;
  readonly isReadable: boolean;
  readonly isWritable: boolean;
  readonly isReadClosed: boolean;
  readonly isWriteClosed: boolean;
  readonly isError: boolean;
}

/** As many events as a wait may bring at a time; those that find no place come next time. */
export class Events {
  readonly capacity: number;
  readonly #tokens: Int32Array;
  readonly #ready: Uint8Array;
  #length = 0;

  /** @param capacity 1 or more. */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`Cannot hold ${capacity} events: 1 or more`);
    }
    this.capacity = capacity;
    this.#tokens = new Int32Array(capacity);
    this.#ready = new Uint8Array(capacity);
  }

  /** How many there are, from 0. */
  get length(): number {
    return this.#length;
  }

  token(index: number): Token {
    return this.#tokens[index] ?? -1;
  }

  /** All bits of one event. */
  ready(index: number): Ready {
    return this.#ready[index] ?? 0;
  }

  isReadable(index: number): boolean {
    return (this.ready(index) & READY.readable) !== 0;
  }

  isWritable(index: number): boolean {
    return (this.ready(index) & READY.writable) !== 0;
  }

  isReadClosed(index: number): boolean {
    return (this.ready(index) & READY.readClosed) !== 0;
  }

  isWriteClosed(index: number): boolean {
    return (this.ready(index) & READY.writeClosed) !== 0;
  }

  isError(index: number): boolean {
    return (this.ready(index) & READY.error) !== 0;
  }

  /** Makes an object of each event. */
  *[Symbol.iterator](): Iterator<Event> {
    for (let index = 0; index < this.#length; index += 1) {
      yield {
        token: this.token(index),
        isReadable: this.isReadable(index),
        isWritable: this.isWritable(index),
        isReadClosed: this.isReadClosed(index),
        isWriteClosed: this.isWriteClosed(index),
        isError: this.isError(index),
      };
    }
  }

  /** For selectors: forgets all. */
  clear(): void {
    this.#length = 0;
  }

  /** For selectors: adds one. False when there is no place. */
  push(token: Token, ready: Ready): boolean {
    if (this.#length === this.capacity) return false;
    this.#tokens[this.#length] = token;
    this.#ready[this.#length] = ready;
    this.#length += 1;
    return true;
  }

  /** For a mode: takes out the event of a token, if there is one; the last takes its place. */
  remove(token: Token): void {
    const index = this.#tokens.subarray(0, this.#length).indexOf(token);
    if (index === -1) return;
    this.#length -= 1;
    this.#tokens[index] = this.token(this.#length);
    this.#ready[index] = this.ready(this.#length);
  }

  /** For selectors: more bits for one that is there. */
  add(index: number, ready: Ready): void {
    this.#ready[index] = this.ready(index) | ready;
  }
}
