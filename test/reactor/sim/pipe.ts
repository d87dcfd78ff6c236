// One direction of a simulated connection: bytes in flight, and bytes that have arrived.

interface Piece {
  readonly bytes: Uint8Array;
  /** The time of arrival, in milliseconds. */
  readonly at: number;
}

/**
 * ```text
 *   send ──► … in flight …  ▒▒▒▒▒ │ ▓▓▓▓▓▓▓ arrived ──► recv
 *            └────── at most `capacity` bytes ──────┘
 * ```
 *
 * Nothing overtakes: what is sent later arrives later.
 */
export class Pipe {
  readonly #pieces: Piece[] = [];
  #size = 0;
  #last = 0;
  /** The time at which the end arrives. */
  endAt = Number.POSITIVE_INFINITY;
  capacity: number;

  /** @param capacity In bytes. */
  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** The number of bytes that can be sent now. */
  get room(): number {
    return Math.max(0, this.capacity - this.#size);
  }

  /** @param at The time of arrival, but never before that of bytes sent earlier. */
  send(bytes: Uint8Array, at: number): void {
    this.#last = Math.max(this.#last, at);
    this.#pieces.push({ bytes: bytes.slice(), at: this.#last });
    this.#size += bytes.length;
  }

  /** Sends the end, once. */
  finish(at: number): void {
    if (this.endAt === Number.POSITIVE_INFINITY) this.endAt = Math.max(this.#last, at);
  }

  /** Whether some bytes have arrived. */
  hasArrived(now: number): boolean {
    return (this.#pieces[0]?.at ?? Number.POSITIVE_INFINITY) <= now;
  }

  /** Takes bytes that have arrived. @returns Their number; 0 when there are none. */
  recv(into: Uint8Array, now: number): number {
    let count = 0;
    while (count < into.length && this.hasArrived(now)) {
      const [first] = this.#pieces;
      if (first === undefined) break;
      const part = first.bytes.subarray(0, into.length - count);
      into.set(part, count);
      count += part.length;
      if (part.length === first.bytes.length) this.#pieces.shift();
      else this.#pieces[0] = { bytes: first.bytes.subarray(part.length), at: first.at };
    }
    this.#size -= count;
    return count;
  }

  /** The time of the next arrival after `now`. */
  nextAfter(now: number): number {
    const next = this.#pieces.find(({ at }) => at > now)?.at ?? this.endAt;
    return next > now ? next : Number.POSITIVE_INFINITY;
  }
}
