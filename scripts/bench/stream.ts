// The bytes that a room sends, which must be the same for every member. One copy is parsed;
// the others are compared with it, which costs a tenth.
//
//   #bytes    ...| ann: 0007… | bob: 0003… | ann: 00|          what any member has received
//   member 1                  ^                                has received this much
//   member 2                                        ^          is ahead of all others

/** How many lines are kept: more than can be in flight. */
const LINES = 1 << 17;
const NEWLINE = 10;
const ZERO = 48;
const HASH = 35;

/** The length of a line's tag: `#`, its sender and its sequence number, `#ssssqqqqqqqqq`. */
export const TAG = 14;

/** @param number The sender's number in its room. @param sequence From 0. */
export function tag(number: number, sequence: number): string {
  return `#${String(number).padStart(4, "0")}${String(sequence).padStart(9, "0")}`;
}

/** A line without a tag, such as a notice, or one that is not the next from its sender. */
export class Broken extends Error {}

export class RoomStream {
  /** The bytes of the stream, starting at offset `#base`. */
  #bytes = Buffer.allocUnsafe(1 << 20);
  #base = 0;
  #end = 0;
  /** The offset of the line that is still incomplete. */
  #lineStart = 0;
  /** The end, sender and sequence number of each line, at the line's number modulo LINES. */
  readonly ends = new Float64Array(LINES);
  readonly senders = new Uint16Array(LINES);
  readonly sequences = new Float64Array(LINES);
  /** How many lines have arrived at one member at least. */
  lines = 0;
  /** The next sequence number of each sender. */
  readonly #next: number[];

  constructor(senders: number) {
    this.#next = Array.from({ length: senders }, () => 0);
  }

  /**
   * Records that a member has received `chunk`, which begins at `offset` of the stream.
   *
   * @throws {Broken} When another member received different bytes there, or a line is not the
   * next from its sender.
   */
  take(chunk: Buffer, offset: number): void {
    const known = Math.min(chunk.length, this.#end - offset);
    const start = offset - this.#base;
    if (known > 0 && chunk.compare(this.#bytes, start, start + known, 0, known) !== 0) {
      throw new Broken(`two members got different bytes at ${offset}`);
    }
    if (known < chunk.length) this.#append(chunk.subarray(known));
  }

  /** Discards the bytes before `offset`, which all members have received. */
  forget(offset: number): void {
    // Done rarely, because moving bytes costs as much as comparing them.
    if (offset - this.#base < this.#bytes.length / 2) return;
    this.#bytes.copyWithin(0, offset - this.#base, this.#end - this.#base);
    this.#base = offset;
  }

  #append(bytes: Buffer): void {
    const used = this.#end - this.#base;
    if (used + bytes.length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(2 * (used + bytes.length));
      this.#bytes.copy(larger, 0, 0, used);
      this.#bytes = larger;
    }
    bytes.copy(this.#bytes, used);
    this.#end += bytes.length;
    for (;;) {
      const from = Math.max(this.#lineStart, this.#end - bytes.length) - this.#base;
      const newline = this.#bytes
        .subarray(0, this.#end - this.#base)
        .indexOf(NEWLINE, from);
      if (newline === -1) return;
      this.#line(this.#lineStart - this.#base, newline);
      this.#lineStart = this.#base + newline + 1;
    }
  }

  #line(start: number, end: number): void {
    const at = this.#bytes.subarray(start, end).indexOf(HASH) + start;
    if (at < start) {
      throw new Broken(
        `not a line of the bench: ${this.#bytes.toString("utf8", start, end)}`,
      );
    }
    const sender = this.#number(at + 1, 4);
    const sequence = this.#number(at + 5, 9);
    const expected = this.#next[sender];
    if (sequence !== expected) {
      throw new Broken(`line ${sequence} of sender ${sender} came for ${expected}`);
    }
    this.#next[sender] = sequence + 1;
    const slot = this.lines % LINES;
    this.ends[slot] = this.#base + end + 1;
    this.senders[slot] = sender;
    this.sequences[slot] = sequence;
    this.lines += 1;
  }

  #number(start: number, digits: number): number {
    let value = 0;
    for (let i = start; i < start + digits; i += 1) {
      value = value * 10 + (this.#bytes[i] ?? 0) - ZERO;
    }
    return value;
  }
}

/** The index of line `number` in the arrays of a stream. */
export function slotOf(number: number): number {
  return number % LINES;
}
