// The terminal: taken for the whole screen, painted, and given back as it was.
import type { ReadStream, WriteStream } from "node:tty";

/** Of a terminal, or of a part of it. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What is to be seen. */
export interface Frame {
  readonly rows: readonly string[];
  /** Of the cursor, which is in the last row; from 0. */
  readonly column: number;
}

// The alternate screen, bracketed paste, and no wrapping: a row that the terminal takes
// for wider than we do is cut off at the edge, and does not push the others down.
const ENTER = "\x1b[?1049h\x1b[?2004h\x1b[?7l";
/** The cursor is shown after the end of a frame that may have been cut short. */
const LEAVE = "\x1b[?2026l\x1b[?7h\x1b[?2004l\x1b[?25h\x1b[?1049l";
/** What is between the two is shown at once, if the terminal can, without a cursor. */
const BEGIN = "\x1b[?2026h\x1b[?25l";
const END = "\x1b[?25h\x1b[?2026l";

export class Screen {
  readonly #input: ReadStream;
  readonly #output: WriteStream;
  #entered = false;
  /** What is on it now, if that is known. */
  #rows: readonly string[] = [];
  #cursor = "";

  constructor(input: ReadStream, output: WriteStream) {
    [this.#input, this.#output] = [input, output];
  }

  /** Takes the terminal, until `leave` or the end of the process. */
  enter(): void {
    this.#entered = true;
    process.on("exit", () => this.leave());
    this.#input.setRawMode(true);
    this.#output.write(ENTER);
  }

  /** Gives the terminal back; when that is done, it does nothing. */
  leave(): void {
    if (!this.#entered) return;
    this.#entered = false;
    // Even when the terminal is gone, and does not take the bytes.
    try {
      this.#output.write(LEAVE);
    } finally {
      this.#input.setRawMode(false);
    }
  }

  /** Paints what has changed. */
  show({ rows, column }: Frame): void {
    const place = `\x1b[${rows.length};${column + 1}H`;
    const changed = rows.map((row, index) =>
      row === this.#rows[index] ? "" : `\x1b[${index + 1};1H\x1b[2K${row}`,
    );
    const bytes = changed.join("");
    if (bytes !== "" || place !== this.#cursor)
      this.#output.write(BEGIN + bytes + place + END);
    [this.#rows, this.#cursor] = [rows, place];
  }

  /** Forgets what is on the screen: all of it is painted next. */
  forget(): void {
    this.#rows = [];
  }
}
