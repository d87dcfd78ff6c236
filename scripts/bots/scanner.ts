// Counts the lines that a bot hears, in bytes: nothing is decoded, next to nothing kept.

const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const COLON = 58;
const ZERO = 48;
/** The most bytes of a line that are looked at; no name, and no notice, is so long. */
const HEAD = 256;
/** Step 18 to one who was too slow: `Server is very busy and dropped N messages, sorry!` */
const NOTICE = Buffer.from("Server is very busy and dropped ");

/** What a bot has heard so far. */
export interface Counts {
  /** Its own messages that came back. */
  readonly echoes: number;
  /** What others said. */
  readonly others: number;
  /** Lines that say that messages were dropped. */
  readonly notices: number;
  /** How many messages were dropped, as those lines say. */
  readonly dropped: number;
  /** All other lines: who came and went, and answers. */
  readonly rest: number;
}

/**
 * Sorts the lines that one client gets. A chat line is `NAME: text`: its first word ends
 * with a colon. Chunks may be cut anywhere.
 *
 * A thousand bots in one room get a hundred thousand lines a second when a hundred are
 * said: each line costs a search for its newline and a look at its first word.
 */
export class LineScanner implements Counts {
  echoes = 0;
  others = 0;
  notices = 0;
  dropped = 0;
  rest = 0;
  /** How many of its own messages have not come back yet. */
  awaited = 0;
  readonly #name: Buffer;
  /** The beginning of a line whose end has not come: no more of it than is looked at. */
  readonly #head = Buffer.allocUnsafe(HEAD);
  #headLength = 0;
  /** Whether a line has begun whose end has not come. */
  #open = false;

  /** @param name The name under which the server shows what this client says. */
  constructor(name: string) {
    this.#name = Buffer.from(name);
  }

  /**
   * Tells it of a message that was sent. Only as many lines under its name count as
   * echoes: in step 09 another may have the same name, and together they still count
   * right.
   */
  sent(): void {
    this.awaited += 1;
  }

  /**
   * Counts the lines that `bytes` completes.
   *
   * @param length How many of the bytes count: all, if not given.
   */
  scan(bytes: Buffer, length = bytes.length): void {
    let start = 0;
    while (start < length) {
      const found = bytes.indexOf(NEWLINE, start);
      // The rest of a buffer that is used again and again holds old bytes.
      const end = found === -1 || found >= length ? length : found;
      if (this.#open || end === length) this.#keep(bytes, start, end);
      if (end === length) return;
      if (this.#open) this.#count(this.#head, 0, this.#headLength);
      else this.#count(bytes, start, Math.min(end, start + HEAD));
      this.#open = false;
      this.#headLength = 0;
      start = end + 1;
    }
  }

  #keep(bytes: Buffer, start: number, end: number): void {
    this.#open = true;
    this.#headLength += bytes.copy(this.#head, this.#headLength, start, end);
  }

  /** Counts a line, of which at most HEAD bytes are between `start` and `end`. */
  #count(bytes: Buffer, start: number, end: number): void {
    let space = start;
    while (space < end && bytes[space] !== SPACE) space += 1;
    const colon = space - 1;
    if (space < end && colon > start && bytes[colon] === COLON) {
      if (this.awaited > 0 && isAt(bytes, start, colon, this.#name)) {
        this.awaited -= 1;
        this.echoes += 1;
      } else {
        this.others += 1;
      }
      return;
    }
    const dropped = droppedIn(bytes, start, end);
    if (dropped === undefined) {
      this.rest += 1;
    } else {
      this.notices += 1;
      this.dropped += dropped;
    }
  }
}

/** Whether what is between `start` and `end` is `text`. */
function isAt(bytes: Buffer, start: number, end: number, text: Buffer): boolean {
  if (end - start !== text.length) return false;
  return bytes.compare(text, 0, text.length, start, end) === 0;
}

/** N of `Server is very busy and dropped N messages`; undefined for another line. */
function droppedIn(bytes: Buffer, start: number, end: number): number | undefined {
  const first = start + NOTICE.length;
  if (end < first || !isAt(bytes, start, first, NOTICE)) return undefined;
  let count = 0;
  let index = first;
  for (; index < end; index += 1) {
    const digit = (bytes[index] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    count = count * 10 + digit;
  }
  const ended = index === end || bytes[index] === SPACE || bytes[index] === RETURN;
  return index > first && ended ? count : undefined;
}
