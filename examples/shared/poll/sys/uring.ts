// io_uring(7): two rings in memory that we share with the kernel. We write requests into the
// one, it writes answers into the other, and one call of the system is enough for many.
import { constants } from "node:os";
import { type CFunction, checked, errno, library, memoryAt, SysError } from "../ffi.ts";
import { CQE, OFFSETS, PARAMS, SQE, SYS, URING } from "../layout-uring.ts";

const { EINTR, ETIME, EBUSY, EAGAIN } = constants.errno;
const PAGE = 4096;
// mmap(2), as Linux has it on each architecture.
const PROT_READ_WRITE = 3;
const MAP_SHARED = 0x01;
const MAP_POPULATE = 0x8000;
const MAP_PRIVATE_ANONYMOUS = 0x22;

/** How a ring is to be. */
export interface UringOptions {
  /** Requests that find room before they must be handed over: a power of two. */
  readonly entries: number;
  /** Answers that find room until we take them; the kernel keeps more aside. */
  readonly completions: number;
  /** `IORING_SETUP_…`, beside those that we need ourselves. */
  readonly flags?: number;
}

/**
 * A pair of rings.
 *
 * ```text
 *   requests     … ▒▒▒▒▒▒▒▒ …     head: the kernel takes     tail: we add
 *   answers      … ▓▓▓▓▓ …        head: we take              tail: the kernel adds
 * ```
 *
 * Each index is written by one side and read by the other: with `Atomics`, so that whoever
 * sees the index sees what stands before it (liburing, `io_uring_smp_store_release`). The
 * indexes count on and on, and wrap at 32 bits.
 *
 * It belongs to one thread. What a request points to must be memory that is not moved or
 * freed before its answer came: never an array of JavaScript.
 */
export class Uring {
  readonly fd: number;
  /** All requests, as words: `next` says where one begins. */
  readonly requests: Int32Array;
  /** All answers, as words: `peek` says where one begins. */
  readonly answers: Int32Array;
  readonly #calls: { enter: CFunction; munmap: CFunction; close: CFunction };
  readonly #params: Uint32Array;
  readonly #rings: Int32Array;
  /** For the kernel to read during a wait: the timeout, and what says where it is. */
  readonly #scratch: BigInt64Array;
  readonly #maps: { address: number; size: number }[] = [];
  #tail: number;
  #unsent = 0;
  #closed = false;

  /**
   * @throws {SysError} ENOSYS where the kernel has none, EPERM where it is forbidden.
   * @throws {Error} Where the kernel is too old: before Linux 5.13.
   */
  constructor({ entries, completions, flags = 0 }: UringOptions) {
    const { fn } = library();
    this.#calls = {
      enter: fn(
        "long syscall(long n, int fd, uint32_t submit, uint32_t min, uint32_t flags, void *arg, size_t size)",
      ),
      munmap: fn("int munmap(intptr_t address, size_t size)"),
      close: fn("int close(int fd)"),
    };
    const params = new Uint32Array(PARAMS.words);
    params[PARAMS.flags] = URING.SETUP_CQSIZE | URING.SETUP_CLAMP | flags;
    params[PARAMS.cqEntries] = completions;
    this.#params = params;
    const setup = fn("long syscall(long n, uint32_t entries, void *params)");
    this.fd = checked("open an io_uring", setup(SYS.io_uring_setup, entries, params));
    try {
      this.#checkFeatures();
      const answersAt = this.#param("cqEntriesAt");
      const answersSize = this.#param("cqEntries") * CQE.words * 4;
      // Which of the two comes last is another thing on each kernel.
      const arrayEnd = this.#param("sqArray") + this.#param("sqEntries") * 4;
      const ringsSize = Math.max(answersAt + answersSize, arrayEnd);
      const rings = this.#map(ringsSize, OFFSETS.rings);
      this.#rings = new Int32Array(rings);
      this.answers = new Int32Array(rings, answersAt, answersSize >> 2);
      const size = this.#param("sqEntries") * SQE.words * 4;
      this.requests = new Int32Array(this.#map(size, OFFSETS.entries));
      this.#scratch = new BigInt64Array(this.#map(PAGE, undefined));
    } catch (error) {
      this.close();
      throw error;
    }
    // Requests are handed over in the order of their places: written once, true for ever.
    const array = this.#param("sqArray") >> 2;
    for (let index = 0; index < this.#param("sqEntries"); index += 1) {
      this.#rings[array + index] = index;
    }
    this.#tail = this.#load("sqTail");
  }

  /**
   * Room for a request, all zeros: the word of `requests` where it begins. It is handed over
   * with the next `enter`; at once, when there is no room otherwise.
   */
  next(): number {
    if (this.#unsent === this.#param("sqEntries")) this.enter(0, 0);
    const at = (this.#tail & this.#load("sqMask")) * SQE.words;
    this.requests.fill(0, at, at + SQE.words);
    this.#tail = (this.#tail + 1) | 0;
    this.#unsent += 1;
    return at;
  }

  /**
   * Hands over all requests, and waits.
   *
   * @param count How many answers to wait for; 0 does not wait.
   * @param ms How long at most; -1 for ever. A signal ends the wait early.
   * @throws {SysError} When the kernel refuses.
   */
  enter(count: number, ms: number): void {
    Atomics.store(this.#rings, this.#param("sqTail") >> 2, this.#tail);
    const timed = count > 0 && ms >= 0;
    if (timed) this.#setTimeout(ms);
    const flags = URING.ENTER_GETEVENTS | (timed ? URING.ENTER_EXT_ARG : 0);
    for (;;) {
      const [arg, size] = timed ? [this.#scratch, 24] : [null, 0];
      const [{ enter }, unsent] = [this.#calls, this.#unsent];
      const sent = enter(SYS.io_uring_enter, this.fd, unsent, count, flags, arg, size);
      if (sent >= 0) {
        this.#unsent -= sent;
        // It stops in the middle when a request was no good: the others are still to go.
        if (this.#unsent === 0 || sent === 0) return;
        continue;
      }
      const error = errno();
      if (error === EINTR || error === ETIME || error === EBUSY || error === EAGAIN)
        return;
      throw new SysError("hand requests to the kernel", error);
    }
  }

  /** The word of `answers` where the next one begins; -1 when there is none. */
  peek(): number {
    const head = this.#load("cqHead");
    if (head === this.#load("cqTail")) return -1;
    return (head & this.#load("cqMask")) * CQE.words;
  }

  /** The answer is taken: its place is the kernel's again. */
  advance(): void {
    const head = this.#load("cqHead");
    Atomics.store(this.#rings, this.#param("cqHead") >> 2, (head + 1) | 0);
  }

  /** Ends all requests, and unmaps the memory: it must not be touched after that. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#calls.close(this.fd);
    for (const { address, size } of this.#maps) this.#calls.munmap(address, size);
  }

  #load(field: "sqTail" | "sqMask" | "cqHead" | "cqTail" | "cqMask"): number {
    return Atomics.load(this.#rings, this.#param(field) >> 2);
  }

  #param(field: keyof typeof PARAMS): number {
    return this.#params[PARAMS[field]] ?? 0;
  }

  /** `struct __kernel_timespec` in words 3 and 4, `struct io_uring_getevents_arg` before. */
  #setTimeout(ms: number): void {
    const address = this.#maps.at(-1)?.address ?? 0;
    this.#scratch[2] = BigInt(address + 24);
    this.#scratch[3] = BigInt(Math.floor(ms / 1000));
    this.#scratch[4] = BigInt((ms % 1000) * 1_000_000);
  }

  #checkFeatures(): void {
    const needed =
      URING.FEATURE_SINGLE_MMAP | URING.FEATURE_NODROP | URING.FEATURE_EXT_ARG;
    if ((this.#param("features") & needed) === needed) return;
    throw new Error("Cannot use io_uring: this kernel is too old, Linux 5.13 it must be");
  }

  #map(size: number, offset: number | undefined): ArrayBuffer {
    const mmap = library().fn(
      "intptr_t mmap(intptr_t address, size_t size, int protection, int flags, int fd, int64_t offset)",
    );
    const [flags, fd] =
      offset === undefined
        ? [MAP_PRIVATE_ANONYMOUS, -1]
        : [MAP_SHARED | MAP_POPULATE, this.fd];
    const at = mmap(0, size, PROT_READ_WRITE, flags, fd, offset ?? 0);
    const address = checked("map the rings", at);
    this.#maps.push({ address, size });
    return memoryAt(address, size);
  }
}
