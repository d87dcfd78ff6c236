// A log's output that never stops the program: what cannot be written is counted.
import { writeSync } from "node:fs";

/** Between two attempts to write what waits, in milliseconds. */
const RETRY = 100;
const NEWLINE = 10;

/** Something to write, and how many lines of the log are lost when it is not. */
interface Entry {
  bytes: Buffer;
  readonly lines: number;
}

export interface CountingLogOptions {
  /** The most bytes that wait while the output takes nothing, such as a full pipe. */
  limit?: number;
  /** Writes some bytes, or throws a system error. @returns how many it has written. */
  write?: (bytes: Buffer) => number;
}

/**
 * Writes lines at once, as long as that goes: the last line before a crash is written too. An
 * output that is full for now (`EAGAIN`) gets them later, up to a limit. One that fails
 * (`ENOSPC`, `EPIPE`) loses them. How many were lost is the first line once it works again.
 *
 * A pipe must not block: in Node it is enough to have touched `process.stderr`, which makes
 * it so (libuv, uv_pipe_open). A file never blocks.
 */
export class CountingLog {
  readonly #notice: (lost: number) => string;
  readonly #limit: number;
  readonly #write: (bytes: Buffer) => number;
  #waiting: Entry[] = [];
  #bytes = 0;
  #lost = 0;
  /** The last attempt failed, and what waited was lost. */
  #failed = false;
  /** The output ends in the middle of a line. */
  #torn = false;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param fd The output: 2 for the standard error.
   * @param notice Makes the line that says how many were lost, with its end.
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

  /** How many lines were lost and not reported yet. */
  get lost(): number {
    return this.#lost;
  }

  /** Writes a line, which has its end. It never throws and never blocks. */
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

  /** Tries to write what waits, and how many were lost. */
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

  /** What is to be written next: the notice before all else after a failure, else last. */
  #next(): Entry | undefined {
    if (this.#lost > 0 && (this.#failed || this.#waiting.length === 0)) {
      const bytes = Buffer.from(this.#notice(this.#lost));
      // After the end of the line that was torn, if there is one.
      this.#waiting.splice(this.#torn ? 1 : 0, 0, { bytes, lines: this.#lost });
      this.#bytes += bytes.length;
      this.#lost = 0;
    }
    this.#failed = false;
    return this.#waiting[0];
  }

  /** Takes out of an entry what was written of it. */
  #advance(entry: Entry, written: number): void {
    if (written > 0) this.#torn = entry.bytes[written - 1] !== NEWLINE;
    this.#bytes -= written;
    entry.bytes = entry.bytes.subarray(written);
    if (entry.bytes.length === 0) this.#waiting.shift();
  }

  #lose(): void {
    this.#failed = true;
    // A line that lacks nothing but its newline can be read.
    for (const { bytes, lines } of this.#waiting)
      if (bytes.length > 1) this.#lost += lines;
    this.#waiting = this.#torn ? [{ bytes: Buffer.from("\n"), lines: 0 }] : [];
    this.#bytes = this.#waiting.length;
  }
}
