// io_uring(7): two rings in memory that we share with the kernel. We write requests into
// one, it writes answers into the other, and one system call is enough for many.
import { constants } from "node:os";
import { errno, library, SysError } from "../ffi.ts";
import { CQE, SQE, SYS, URING } from "./layout-uring.ts";
import { UringMemory, type UringOptions } from "./uring-memory.ts";
import { RequestQueue } from "./uring-requests.ts";

const { EINTR, ETIME, EBUSY, EAGAIN } = constants.errno;
/** A signal or the timeout ended the wait, or the kernel takes no requests for now. */
const RETRY_LATER: ReadonlySet<number> = new Set([EINTR, ETIME, EBUSY, EAGAIN]);

/**
 * io_uring_enter(2), with its raw numbers.
 *
 * @returns The number of requests taken; if negative, an errno, as in the kernel itself.
 */
export type Enter = (submit: number, min: number, flags: number) => number;

/**
 * A pair of rings, and our own queue in front of the first.
 *
 * ```text
 *   next ─► queue ─► requests   … ▒▒▒▒▒▒▒▒ …     head: the kernel takes     tail: we add
 *                    answers    … ▓▓▓▓▓ …        head: we take              tail: the kernel adds
 * ```
 *
 * The kernel may take only some of the requests, or none, when too many answers wait to be
 * taken, or when it has no memory (io_uring_enter(2), EBUSY, EAGAIN). What it does not take
 * stays in the ring, and new requests wait in the queue.
 *
 * Belongs to one thread. A request must point to memory that is not moved or freed before
 * its answer arrives, so never to a JavaScript array.
 */
export class Uring {
  readonly #memory: UringMemory;
  readonly #queue = new RequestQueue(SQE.words);
  readonly #enter: Enter;
  #tail: number;

  /**
   * @param around Wraps the call: for tests, to refuse requests as the kernel rarely does.
   * @throws {SysError} ENOSYS where the kernel has no io_uring, EPERM where it is
   *   forbidden.
   * @throws {Error} Where the kernel is too old; 5.13 is needed.
   */
  constructor(options: UringOptions, around = (enter: Enter): Enter => enter) {
    this.#memory = new UringMemory(options);
    this.#tail = this.#memory.load("sqTail");
    this.#enter = around(enterCall(this.#memory));
  }

  /** Requests that are not in the ring yet, as words; `next` returns where one begins. */
  get requests(): Int32Array {
    return this.#queue.words;
  }

  /** All answers, as words; `peek` returns where one begins. */
  get answers(): Int32Array {
    return this.#memory.answers;
  }

  /**
   * Adds a request, all zeros. `enter` submits it, and so does `next` when there are many.
   *
   * @returns The word of `requests` where it begins, until the next `next` or `enter`.
   */
  next(): number {
    // As many as the ring holds: its mask plus one.
    if (this.#queue.length > this.#memory.load("sqMask")) this.enter(0, 0);
    return this.#queue.add();
  }

  /**
   * Submits all requests, and waits. If the kernel does not take all of them now, there is
   * no wait: answers may have to be taken first, and the next `enter` submits the rest.
   *
   * @param count How many answers to wait for; 0 does not wait.
   * @param ms The timeout in milliseconds; -1 for none. A signal ends the wait early.
   * @throws {SysError} When the kernel refuses permanently.
   */
  enter(count: number, ms: number): void {
    if (count > 0 && ms >= 0) this.#setTimeout(ms);
    for (;;) {
      const submit = this.#fill();
      // The awaited answer may belong to a request that is still in the queue.
      const min = this.#queue.length === 0 ? count : 0;
      const timed = min > 0 && ms >= 0 ? URING.ENTER_EXT_ARG : 0;
      const taken = this.#enter(submit, min, URING.ENTER_GETEVENTS | timed);
      if (taken < 0 && !RETRY_LATER.has(-taken)) {
        throw new SysError("hand requests to the kernel", -taken);
      }
      // The kernel stops after an invalid request; the others are still to be submitted.
      if (taken <= 0 || (taken === submit && this.#queue.length === 0)) return;
    }
  }

  /** Submits all requests, as far as the kernel takes them now. A system call if there are any. */
  submit(): void {
    if (this.#fill() > 0) this.enter(0, 0);
  }

  /** The word of `answers` where the next one begins; -1 when there is none. */
  peek(): number {
    const head = this.#memory.load("cqHead");
    if (head === this.#memory.load("cqTail")) return -1;
    return (head & this.#memory.load("cqMask")) * CQE.words;
  }

  /** Gives the slot of the peeked answer back to the kernel. */
  advance(): void {
    this.#memory.store("cqHead", (this.#memory.load("cqHead") + 1) | 0);
  }

  /** Ends all requests, and unmaps the memory. Any use after that throws. */
  close(): void {
    this.#memory.close();
  }

  /** Moves requests into the ring, as many as fit. @returns How many are in it. */
  #fill(): number {
    const [head, mask] = [this.#memory.load("sqHead"), this.#memory.load("sqMask")];
    while (this.#queue.length > 0 && ((this.#tail - head) | 0) <= mask) {
      this.#queue.moveTo(this.#memory.requests, (this.#tail & mask) * SQE.words);
      this.#tail = (this.#tail + 1) | 0;
    }
    this.#memory.store("sqTail", this.#tail);
    return (this.#tail - head) | 0;
  }

  /** `struct __kernel_timespec` in words 3 and 4, `struct io_uring_getevents_arg` before. */
  #setTimeout(ms: number): void {
    const { scratch, scratchAddress } = this.#memory;
    scratch[2] = BigInt(scratchAddress + 24);
    scratch[3] = BigInt(Math.floor(ms / 1000));
    scratch[4] = BigInt((ms % 1000) * 1_000_000);
  }
}

function enterCall({ fd, scratch }: UringMemory): Enter {
  const syscall = library().fn(
    "long syscall(long n, int fd, uint32_t submit, uint32_t min, uint32_t flags, void *arg, size_t size)",
  );
  const { io_uring_enter } = SYS;
  return (submit, min, flags) => {
    const [arg, size] = flags & URING.ENTER_EXT_ARG ? [scratch, 24] : [null, 0];
    const taken = syscall(io_uring_enter, fd, submit, min, flags, arg, size);
    return taken === -1 ? -errno() : taken;
  };
}
