// A log output that never stops the program: lines that cannot be written are counted.
import { writeSync } from "node:fs";

/** The time between two attempts to write what is queued, in milliseconds. */
const RETRY = 100;
const NEWLINE = 10;

/** Bytes to write, and how many lines of the log are lost with them. */
interface Entry {
  bytes: Buffer;
  readonly lines: number;
}

export interface CountingLogOptions {
  /** The most bytes queued while the output takes none, such as a full pipe. */
  limit?: number;
  /** Writes some bytes, or throws a system error. @returns How many it has written. */
  write?: (bytes: Buffer) => number;
}

/**
 * Writes lines at once if possible, so that even the last line before a crash is written.
 * While the output is full (`EAGAIN`), lines are queued, up to a limit. When it fails
 * (`ENOSPC`, `EPIPE`), they are lost. The first line once it works again says how many.
 *
 * A pipe must be non-blocking: in Node it is enough to have touched `process.stderr`, which
 * makes it so (libuv, uv_pipe_open). Starting a child process that inherits it makes it
 * blocking again (libuv, uv__process_child_init): tsx does so when its cache is empty. A
 * file never blocks.
 */
export class CountingLog {
  readonly #notice: (lost: number) => string;
  readonly #limit: number;
  readonly #write: (bytes: Buffer) => number;
  #waiting: Entry[] = [];
  #bytes = 0;
  #lost = 0;
  /** The last attempt failed, and what was queued is lost. */
  #failed = false;
  /** The output ends in the middle of a line. */
  #torn = false;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param fd The descriptor of the output: 2 for standard error.
   * @param notice Makes the line that says how many were lost, newline included.
   */
  constructor(
    fd: number,
    notice: (lost: number) => string,
    {
      limit = 1024 * 1024,
      write = (bytes) => writeSync(fd, bytes),
    }: CountingLogOptions = {},
  ) {
    this.#notice = notice;
    this.#limit = limit;
    this.#write = write;
  }

  /** How many lost lines have not been reported yet. */
  get lost(): number {
    return this.#lost;
  }

  /** Writes a line, newline included. Never throws, and never blocks unless the pipe does. */
  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#bytes + bytes.length > this.#limit) {
      this.#lost += 1;
    } else {
      this.#waiting.push({ bytes, lines: 1 });
      this.#bytes += bytes.length;
    }
    this.flush();
  }

  /** Tries to write what is queued, and how many lines were lost. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      for (let entry = this.#next(); entry; entry = this.#next()) {
        this.#advance(entry, this.#write(entry.bytes));
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") this.#lose();
      this.#timer = setTimeout(() => this.flush(), RETRY).unref();
    }
  }

  /** The next entry to write: after a failure the notice comes first, otherwise last. */
  #next(): Entry | undefined {
    if (this.#lost > 0 && (this.#failed || this.#waiting.length === 0)) {
      const bytes = Buffer.from(this.#notice(this.#lost));
      // After the end of a torn line, if there is one.
      this.#waiting.splice(this.#torn ? 1 : 0, 0, { bytes, lines: this.#lost });
      this.#bytes += bytes.length;
      this.#lost = 0;
    }
    this.#failed = false;
    return this.#waiting[0];
  }

  /** Removes the written part of an entry. */
  #advance(entry: Entry, written: number): void {
    if (written > 0) this.#torn = entry.bytes[written - 1] !== NEWLINE;
    this.#bytes -= written;
    entry.bytes = entry.bytes.subarray(written);
    if (entry.bytes.length === 0) this.#waiting.shift();
  }

  #lose(): void {
    this.#failed = true;
    // A line that lacks only its newline is readable, so it is not lost.
    for (const { bytes, lines } of this.#waiting)
      if (bytes.length > 1) this.#lost += lines;
    this.#waiting = this.#torn ? [{ bytes: Buffer.from("\n"), lines: 0 }] : [];
    this.#bytes = this.#waiting.length;
  }
}
