// The terminal: switches to a full screen, paints it, and restores the terminal.
import type { ReadStream, WriteStream } from "node:tty";

/** The size of a terminal, or of a part of it. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The contents of the screen. */
export interface Frame {
  readonly rows: readonly string[];
  /** The column of the cursor, which is in the last row; from 0. */
  readonly column: number;
}

// The alternate screen, bracketed paste, and no wrapping: a row that the terminal considers
// wider than we do is cut off at the edge, and does not push the others down.
const ENTER = "\x1b[?1049h\x1b[?2004h\x1b[?7l";
/** Also completes a frame that may have been cut short, and shows the cursor. */
const LEAVE = "\x1b[?2026l\x1b[?7h\x1b[?2004l\x1b[?25h\x1b[?1049l";
/** Frames are shown at once, without a cursor in between, if the terminal supports that. */
const BEGIN = "\x1b[?2026h\x1b[?25l";
const END = "\x1b[?25h\x1b[?2026l";

export class Screen {
  readonly #input: ReadStream;
  readonly #output: WriteStream;
  #entered = false;
  /** The rows on the screen now, if known. */
  #rows: readonly string[] = [];
  #cursor = "";

  constructor(input: ReadStream, output: WriteStream) {
    [this.#input, this.#output] = [input, output];
  }

  /** Takes over the terminal, until `leave` or the end of the process. */
  enter(): void {
    this.#entered = true;
    process.on("exit", () => this.leave());
    this.#input.setRawMode(true);
    this.#output.write(ENTER);
  }

  /** Restores the terminal. Idempotent. */
  leave(): void {
    if (!this.#entered) return;
    this.#entered = false;
    // The terminal may have closed, and not accept the bytes.
    try {
      this.#output.write(LEAVE);
    } finally {
      this.#input.setRawMode(false);
    }
  }

  /** Paints the rows that have changed. */
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

  /** Makes the next `show` paint everything. */
  forget(): void {
    this.#rows = [];
  }
}
