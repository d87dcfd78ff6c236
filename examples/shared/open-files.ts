// Small files that are kept open, in a table in memory that all threads share. File workers
// put files there, and loops answer from it without asking a file worker.
import { type BigIntStats, fstatSync, readSync } from "node:fs";
import type { FileRequest } from "./file-request.ts";
import { httpDate } from "./http-date.ts";
import { SLOT_SIZE, Slot } from "./open-file-slot.ts";
import { type CFunction, library } from "./poll/ffi.ts";
import { LOCK_WORDS, ReadWriteLock } from "./read-write-lock.ts";

/** The most files in the table. */
const SLOTS = 256;
/** How long a path is trusted to lead to the same file, in milliseconds. */
const MAX_AGE = 1000;
/** After the lock, at a multiple of 8. */
const SLOTS_AT = 8 * Math.ceil((4 * LOCK_WORDS) / 8);
/** From Linux's <fcntl.h>: duplicates a descriptor, with close-on-exec. */
const F_DUPFD_CLOEXEC = 1030;

/** The memory that the threads share; one per program. */
export type OpenFilesMemory = SharedArrayBuffer;

/** Makes an empty table. */
export function newOpenFiles(): OpenFilesMemory {
  return new SharedArrayBuffer(SLOTS_AT + SLOTS * SLOT_SIZE);
}

/**
 * A thread's view of the table. Each path has one slot, by its hash, and evicts the file
 * that was there: nothing needs to be searched, and the table never overflows.
 *
 * ```text
 *   loop      tryRead ─► has the path? ─► fstat: unchanged? ─► read all of it ─► the answer
 *                                                                                 ▲
 *   worker    open, fstat, read ─── the answer ───────────────────────────────────┘
 *                    └─► write ─► keep: a descriptor, its times, the fields of the head
 * ```
 *
 * Reading a file here rarely waits for a disk: a worker has read the same bytes less than a
 * second ago, so unless memory is short the kernel still has them. Only on Linux do we know
 * that the time of change shows when a file was written, replaced or removed; elsewhere
 * nothing is kept.
 */
export class OpenFiles {
  readonly #lock: ReadWriteLock;
  readonly #slots: readonly Slot[];
  readonly #now: () => number;
  #calls: { duplicate: CFunction; close: CFunction } | undefined;
  #date = "";
  /** The time of `#date`, in seconds since 1970. */
  #second = 0;

  /** @param now Milliseconds by a clock that all threads share. */
  constructor(memory: OpenFilesMemory, now: () => number = monotonic) {
    this.#lock = new ReadWriteLock(new Int32Array(memory, 0, LOCK_WORDS));
    this.#now = now;
    this.#slots = Array.from(
      { length: SLOTS },
      (_, index) => new Slot(memory, SLOTS_AT + index * SLOT_SIZE),
    );
  }

  /**
   * The complete answer to a request for a file; undefined when a file worker must be
   * asked. It does not block.
   *
   * A change to the file shows in its size and times, even if another file has taken its
   * name. A change to a folder above it shows within a second, when a worker resolves
   * the path again.
   */
  answer(request: FileRequest): Uint8Array<ArrayBuffer> | undefined {
    if (!isPlain(request)) return undefined;
    const key = keyOf(request);
    return this.#lock.tryRead(() => {
      const slot = this.#slotOf(key);
      if (!slot?.has(key) || this.#now() - slot.checked > MAX_AGE) return undefined;
      try {
        return this.#readFrom(slot, request);
      } catch {
        // The disk has failed. A worker will report it.
        return undefined;
      }
    });
  }

  /**
   * Keeps a file that was just opened by its path, and read.
   *
   * @param fd Remains the caller's. The table duplicates it, because Node closes the
   *   descriptors that a thread has opened when the thread ends.
   * @param fields The fields of the answer that do not change, each with its CRLF.
   */
  keep(request: FileRequest, fd: number, stat: BigIntStats, fields: string): void {
    const key = keyOf(request);
    const slot = this.#slotOf(key);
    if (process.platform !== "linux" || !isPlain(request)) return;
    if (!slot?.fits(key, fields)) return;
    this.#lock.write(() => {
      // The fields include the tag: if it is the same, so is the file.
      if (!slot.has(key) || slot.fields !== fields) {
        this.#replace(slot, fd);
        slot.put(key, fields, stat);
      }
      slot.checked = this.#now();
    });
  }

  /** No thread reads from the old file, because we hold the lock. */
  #replace(slot: Slot, fd: number): void {
    this.#calls ??= callsOf();
    const { duplicate, close } = this.#calls;
    if (slot.fd > 0) close(slot.fd);
    // 0 when no descriptor is left: then the slot has no file.
    slot.fd = Math.max(0, duplicate(fd, F_DUPFD_CLOEXEC, "int", 3));
  }

  #readFrom(
    slot: Slot,
    { connection }: FileRequest,
  ): Uint8Array<ArrayBuffer> | undefined {
    const { fd, size } = slot;
    if (!slot.isUnchanged(fstatSync(fd))) return undefined;
    const begin = `HTTP/1.1 200 OK\r\nDate: ${this.#dateNow()}\r\n`;
    const head = `${begin}${slot.fields}Connection: ${connection}\r\n\r\n`;
    const bytes = Buffer.allocUnsafeSlow(head.length + size);
    bytes.write(head, "latin1");
    const count = readSync(fd, bytes, head.length, size, 0);
    // Less than the head announces: the file has just become shorter.
    return count === size ? bytes : undefined;
  }

  /** By FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/ */
  #slotOf(key: Buffer): Slot | undefined {
    let hash = 0x811c9dc5;
    for (const byte of key) hash = Math.imul(hash ^ byte, 0x01000193);
    return this.#slots[(hash >>> 0) % SLOTS];
  }

  #dateNow(): string {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.#second) this.#date = httpDate(1000 * second);
    this.#second = second;
    return this.#date;
  }
}

/** Whether a request is for all of a file, whatever the client already has. */
function isPlain({ method, conditions }: FileRequest): boolean {
  for (const _ in conditions) return false;
  return method === "GET";
}

/** No segment contains NUL; one may contain a slash that was sent encoded. */
function keyOf({ segments }: FileRequest): Buffer {
  return Buffer.from(segments.join("\0"));
}

/** Unlike `performance.now()`, it counts from the same moment in all threads. */
function monotonic(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

function callsOf() {
  const { fn } = library();
  return {
    duplicate: fn("int fcntl(int fd, int command, ...)"),
    close: fn("int close(int fd)"),
  };
}
