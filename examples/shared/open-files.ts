// Small files that are kept open: a table in memory that all threads share. File workers put
// files there, and loops answer from it without asking a file worker.
import { type BigIntStats, fstatSync, readSync } from "node:fs";
import type { FileRequest } from "./file-request.ts";
import { httpDate } from "./http-date.ts";
import { type CFunction, library } from "./poll/ffi.ts";
import { LOCK_WORDS, ReadWriteLock } from "./read-write-lock.ts";

/** How many files, at most. */
const SLOTS = 256;
/** How long a path is taken for the same file, in milliseconds. */
const FRESH = 1000;

/** In a slot: three words, a double each for four numbers, and text. In bytes. */
const [NUMBERS_AT, TEXT_AT, SLOT_SIZE] = [16, 48, 512];
const [DESCRIPTOR, KEY_LENGTH, FIELDS_LENGTH] = [0, 1, 2];
const [SIZE, MODIFIED, CHANGED, CHECKED] = [0, 1, 2, 3];
/** The lock, and what it takes to begin the first slot at a multiple of 8. */
const TABLE_AT = 4 * (LOCK_WORDS + (LOCK_WORDS % 2));

/** <fcntl.h> of Linux: a second descriptor of the same open file, not inherited. */
const F_DUPFD_CLOEXEC = 1030;

/** What the threads share: one for a program. */
export type OpenFilesMemory = SharedArrayBuffer;

/** A table without files. */
export function newOpenFiles(): OpenFilesMemory {
  return new SharedArrayBuffer(TABLE_AT + SLOTS * SLOT_SIZE);
}

interface Slot {
  readonly words: Int32Array;
  readonly numbers: Float64Array;
  /** The key, and behind it the fields. */
  readonly text: Buffer;
}

/**
 * The view that a thread has of the table. A file has one place where it may be, by the hash of
 * its path, and takes it from the file that was there before: so nothing needs to be searched,
 * and there are never too many.
 *
 * ```text
 *   loop      tryRead ─► find ─► fstat: unchanged? ─► read it whole ─► the answer
 *                                                                          ▲
 *   worker    open, fstat, read ── the answer ─────────────────────────────┘
 *                     └─► write ─► keep: a descriptor, its times, the fields of a head
 * ```
 *
 * Reading a file is no wait for a disk: a worker has read the same bytes less than a second ago,
 * so the kernel still has them in memory. Only Linux is known to change a file's time of change
 * when it is written, replaced or removed; elsewhere nothing is kept.
 */
export class OpenFiles {
  readonly #lock: ReadWriteLock;
  readonly #slots: readonly Slot[];
  readonly #now: () => number;
  #calls: { duplicate: CFunction; close: CFunction } | undefined;
  #date = "";
  /** The second that it says. */
  #dated = 0;

  /** @param now Milliseconds by a clock that all threads share. */
  constructor(memory: OpenFilesMemory, now: () => number = monotonic) {
    this.#lock = new ReadWriteLock(new Int32Array(memory, 0, LOCK_WORDS));
    this.#now = now;
    this.#slots = Array.from({ length: SLOTS }, (_, slot) => {
      const at = TABLE_AT + slot * SLOT_SIZE;
      return {
        words: new Int32Array(memory, at, NUMBERS_AT / 4),
        numbers: new Float64Array(memory, at + NUMBERS_AT, (TEXT_AT - NUMBERS_AT) / 8),
        text: Buffer.from(memory, at + TEXT_AT, SLOT_SIZE - TEXT_AT),
      };
    });
  }

  /**
   * The answer to a request for a file: all of it, or undefined, and then a file worker is to be
   * asked. It does not wait.
   *
   * What happens to a file while it is open is seen here, by its size and times, also that
   * another has taken its name. What happens to a folder above it is seen within a second, when
   * a worker looks again.
   */
  answer(request: FileRequest): Uint8Array<ArrayBuffer> | undefined {
    if (!isPlain(request)) return undefined;
    const key = keyOf(request);
    return this.#lock.tryRead(() => {
      const slot = this.#slotOf(key);
      if (!slot || !has(slot, key)) return undefined;
      if (this.#now() - at(slot, CHECKED) > FRESH) return undefined;
      try {
        return this.#readFrom(slot, request);
      } catch {
        // The disk has failed. A worker will say so.
        return undefined;
      }
    });
  }

  /**
   * Keeps a file that has just been opened by its path, and read.
   *
   * @param fd Stays the caller's: the table has a descriptor of its own, which does not end with
   *   the thread.
   * @param fields Of the answer, each with its line's end; those that are the same each time.
   */
  keep(request: FileRequest, fd: number, stat: BigIntStats, fields: string): void {
    const key = keyOf(request);
    const slot = this.#slotOf(key);
    const isFit = slot && key.length + fields.length <= slot.text.length;
    if (process.platform !== "linux" || !isFit || !isPlain(request)) return;
    this.#lock.write(() => {
      // The fields have the tag: when it is the same, so is the file.
      if (!has(slot, key) || fieldsOf(slot) !== fields) {
        if (!this.#replace(slot, fd)) return;
        slot.numbers[SIZE] = Number(stat.size);
        slot.numbers[MODIFIED] = milliseconds(stat.mtimeNs);
        slot.numbers[CHANGED] = milliseconds(stat.ctimeNs);
        slot.words[KEY_LENGTH] = key.copy(slot.text);
        slot.words[FIELDS_LENGTH] = slot.text.write(fields, key.length, "latin1");
      }
      slot.numbers[CHECKED] = this.#now();
    });
  }

  /** @returns False when no descriptor is left: then the slot is empty. */
  #replace(slot: Slot, fd: number): boolean {
    this.#calls ??= callsOf();
    const old = slot.words[DESCRIPTOR] ?? 0;
    if (old > 0) this.#calls.close(old);
    const own = this.#calls.duplicate(fd, F_DUPFD_CLOEXEC, "int", 3);
    slot.words[DESCRIPTOR] = Math.max(own, 0);
    return own > 0;
  }

  #readFrom(
    slot: Slot,
    { connection }: FileRequest,
  ): Uint8Array<ArrayBuffer> | undefined {
    const fd = slot.words[DESCRIPTOR] ?? 0;
    const size = at(slot, SIZE);
    const stat = fstatSync(fd);
    const isSame =
      stat.size === size &&
      stat.mtimeMs === at(slot, MODIFIED) &&
      stat.ctimeMs === at(slot, CHANGED);
    if (!isSame) return undefined;
    const fields = `${fieldsOf(slot)}Connection: ${connection}\r\n\r\n`;
    const head = `HTTP/1.1 200 OK\r\nDate: ${this.#dateNow()}\r\n${fields}`;
    const bytes = Buffer.allocUnsafeSlow(head.length + size);
    bytes.write(head, "latin1");
    const count = readSync(fd, bytes, head.length, size, 0);
    // It has just become shorter.
    return count === size ? bytes : undefined;
  }

  #slotOf(key: Buffer): Slot | undefined {
    // FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/
    let hash = 0x811c9dc5;
    for (const byte of key) hash = Math.imul(hash ^ byte, 0x01000193);
    return this.#slots[(hash >>> 0) % SLOTS];
  }

  #dateNow(): string {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.#dated) this.#date = httpDate(1000 * second);
    this.#dated = second;
    return this.#date;
  }
}

/** Whether it asks for a whole file, whatever the client has of it. */
function isPlain({ method, conditions }: FileRequest): boolean {
  for (const _ in conditions) return false;
  return method === "GET";
}

/** Of the segments: a slash that came encoded separates nothing, and a NUL is in none. */
function keyOf({ segments }: FileRequest): Buffer {
  return Buffer.from(segments.join("\0"));
}

function has({ words, text }: Slot, key: Buffer): boolean {
  const length = words[KEY_LENGTH] ?? 0;
  const isOpen = (words[DESCRIPTOR] ?? 0) > 0;
  return isOpen && length === key.length && text.compare(key, 0, length, 0, length) === 0;
}

function fieldsOf({ words, text }: Slot): string {
  const from = words[KEY_LENGTH] ?? 0;
  return text.toString("latin1", from, from + (words[FIELDS_LENGTH] ?? 0));
}

function at({ numbers }: Slot, index: number): number {
  return numbers[index] ?? Number.NaN;
}

/** As `Stats` has it: a double, of a fraction of a microsecond. */
function milliseconds(nanoseconds: bigint): number {
  const second = 1_000_000_000n;
  return Number(nanoseconds / second) * 1000 + Number(nanoseconds % second) / 1e6;
}

/** Other than `performance.now()`, it counts from the same moment in all threads. */
function monotonic(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** Not Node's: it closes what a thread has opened by it when the thread ends. */
function callsOf() {
  const { fn } = library();
  return {
    duplicate: fn("int fcntl(int fd, int command, ...)"),
    close: fn("int close(int fd)"),
  };
}
