// Splits bytes into lines: all lines of a piece at once, none longer than a limit.
import type { Socket } from "node:net";

const NEWLINE = 10;
const RETURN = 13;
const NOTHING = Buffer.alloc(0);

/** A line was longer than the limit. */
export class LineTooLong extends Error {
  override readonly name = "LineTooLong";

  /** @param limit The most bytes that the line was allowed to have. */
  constructor(limit: number) {
    super(`Cannot read a line: longer than ${limit} bytes`);
  }
}

/** Makes a line of the bytes from `start` to `end`. */
export type LineOf<Line> = (bytes: Buffer, start: number, end: number) => Line;

/**
 * Cuts a stream of bytes into lines. A line ends at `\n` or `\r\n`, and at nothing else.
 * The lines are the same however the bytes were cut into pieces.
 */
export class LineDecoder<Line = string> {
  readonly #limit: number;
  readonly #lineOf: LineOf<Line>;
  /** Its first `#length` bytes are those of a line whose end has not arrived yet. */
  #kept = NOTHING;
  #length = 0;
  #tooLong = false;

  /**
   * @param limit The maximum length of a line in bytes, not counting its end: 1 or more.
   * @param lineOf Makes the lines: {@link textOf} for text.
   * @throws {RangeError} When the limit is not a whole number, or less than 1.
   */
  constructor(limit: number, lineOf: LineOf<Line>) {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new RangeError(`Cannot limit lines to ${limit} bytes`);
    }
    this.#limit = limit;
    this.#lineOf = lineOf;
  }

  /** Whether no incomplete line is kept. */
  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** Whether a line was too long. All lines before it were returned; no more will be. */
  get tooLong(): boolean {
    return this.#tooLong;
  }

  /**
   * The lines that `bytes` completes, without their ends, up to the first that is too
   * long. A newline byte is never part of another character (RFC 3629, section 3), so lines
   * can be cut before they are decoded.
   *
   * @throws {LineTooLong} When a line was too long in an earlier call.
   */
  decode(bytes: Buffer): Line[] {
    if (this.#tooLong) throw new LineTooLong(this.#limit);
    const lines: Line[] = [];
    let start = 0;
    for (;;) {
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline === -1 ? bytes.length : newline;
      if (!this.#fits(bytes, start, end)) {
        this.#tooLong = true;
        this.#forget();
        return lines;
      }
      if (newline === -1) {
        this.#keep(bytes, start, end);
        return lines;
      }
      lines.push(this.#take(bytes, start, end));
      start = newline + 1;
    }
  }

  /**
   * Returns what is left when no more bytes will come: a last line without an end, if any.
   *
   * @throws {LineTooLong} When a line was too long: this one, or one in an earlier call.
   */
  end(): Line[] {
    // No newline follows, so a CR is not part of an end.
    if (this.#length > this.#limit) this.#tooLong = true;
    if (this.#tooLong) throw new LineTooLong(this.#limit);
    if (this.#length === 0) return [];
    const line = this.#lineOf(this.#kept, 0, this.#length);
    this.#forget();
    return [line];
  }

  /** Whether the kept bytes and these can be a line or the beginning of one. */
  #fits(bytes: Buffer, start: number, end: number): boolean {
    const length = this.#length + end - start;
    if (length <= this.#limit) return true;
    // One more byte may be the first of `\r\n`.
    const last = end > start ? bytes[end - 1] : RETURN;
    return length === this.#limit + 1 && last === RETURN;
  }

  /** Keeps a copy, because a slice would keep alive all of the memory it is a part of. */
  #keep(bytes: Buffer, start: number, end: number): void {
    const length = this.#length + end - start;
    if (length > this.#kept.length) {
      // The size doubles each time, so a byte is copied at most twice on average.
      const size = Math.min(Math.max(length, 2 * this.#kept.length), this.#limit + 1);
      const larger = Buffer.allocUnsafeSlow(size);
      this.#kept.copy(larger, 0, 0, this.#length);
      this.#kept = larger;
    }
    bytes.copy(this.#kept, this.#length, start, end);
    this.#length = length;
  }

  /** The line that ends with these bytes: what was kept of it comes first. */
  #take(bytes: Buffer, start: number, end: number): Line {
    if (this.#length === 0) return this.#cut(bytes, start, end);
    this.#keep(bytes, start, end);
    const line = this.#cut(this.#kept, 0, this.#length);
    this.#forget();
    return line;
  }

  /** The line without the CR before its newline. */
  #cut(bytes: Buffer, start: number, end: number): Line {
    const last = end > start && bytes[end - 1] === RETURN ? end - 1 : end;
    return this.#lineOf(bytes, start, last);
  }

  /** A client that is silent between two lines holds no buffer. */
  #forget(): void {
    this.#kept = NOTHING;
    this.#length = 0;
  }
}

/** The text of some bytes. Invalid UTF-8 becomes U+FFFD. */
export function textOf(bytes: Buffer, start: number, end: number): string {
  return bytes.toString("utf8", start, end);
}

/** After each of these there may be something to read, or the stream is over. */
const READ_EVENTS = ["readable", "end", "error", "close"];

/**
 * The lines a client sends, in batches: all that one piece of the stream completed. A busy
 * client's hundred lines cost one wait, not a hundred.
 *
 * When the loop is left early, a line that was read only in part is lost; the next reader
 * gets what comes later.
 *
 * @param limit The maximum length of a line in bytes, not counting its end: 1 or more.
 * @throws In the loop: the socket's error, or {@link LineTooLong} after the last line
 *   before one that is longer than the limit.
 */
export async function* readLineBatches(
  socket: Socket,
  limit: number,
): AsyncGenerator<string[], void> {
  const decoder = new LineDecoder(limit, textOf);
  // The stream's own iterator would work too. But most clients are silent most of the time,
  // and it would keep 1.3 kB more for each of them (`just bench 17 --load idle10000`).
  let wake = () => {};
  const listener = () => wake();
  for (const event of READ_EVENTS) socket.on(event, listener);
  try {
    while (!decoder.tooLong) {
      const bytes: Buffer | null = socket.read();
      if (bytes !== null) yield decoder.decode(bytes);
      else if (socket.readableEnded) break;
      else if (socket.destroyed) throw socket.errored ?? new Error("Cannot read: closed");
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    yield decoder.end();
  } finally {
    for (const event of READ_EVENTS) socket.off(event, listener);
  }
}
