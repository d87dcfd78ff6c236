// The events of a wait: a list that is allocated once and refilled by each wait.
import type { Token } from "../token.ts";

/** The bits of an event. */
export const READY = {
  readable: 1,
  writable: 2,
  /** The peer has finished sending, or is lost: reading will end. */
  readClosed: 4,
  /** Nothing that we write can reach the peer. */
  writeClosed: 8,
  /** The socket has failed; `takeError` says how. */
  error: 16,
} as const;

/** A set of `READY` bits. */
export type Ready = number;

/** An event as an object, for programs that prefer readability to speed. */
export interface Event {
  readonly token: Token;
  readonly isReadable: boolean;
  readonly isWritable: boolean;
  readonly isReadClosed: boolean;
  readonly isWriteClosed: boolean;
  readonly isError: boolean;
}

/** The events of one wait, at most `capacity`; any others come with the next wait. */
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

  /** The number of events; their indexes start at 0. */
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

  /** Yields an object for each event. */
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

  /** For selectors: removes all events. */
  clear(): void {
    this.#length = 0;
  }

  /** For selectors: adds an event. Returns false when there is no room. */
  push(token: Token, ready: Ready): boolean {
    if (this.#length === this.capacity) return false;
    this.#tokens[this.#length] = token;
    this.#ready[this.#length] = ready;
    this.#length += 1;
    return true;
  }

  /** For modes: removes the event of a token, if any; the last event takes its place. */
  remove(token: Token): void {
    const index = this.#tokens.subarray(0, this.#length).indexOf(token);
    if (index === -1) return;
    this.#length -= 1;
    this.#tokens[index] = this.token(this.#length);
    this.#ready[index] = this.ready(this.#length);
  }

  /** For selectors: adds bits to an existing event. */
  add(index: number, ready: Ready): void {
    this.#ready[index] = this.ready(index) | ready;
  }
}
