// The memory that io_uring shares with us (io_uring_setup(2)): maps and unmaps it.
import { type CFunction, checked, library, memoryAt } from "../ffi.ts";
import { CQE, OFFSETS, PARAMS, SQE, SYS, URING } from "./layout-uring.ts";

const PAGE = 4096;
// mmap(2), the same on every Linux architecture that runs Node.
const PROT_READ_WRITE = 3;
const MAP_SHARED = 0x01;
const MAP_POPULATE = 0x8000;
const MAP_PRIVATE_ANONYMOUS = 0x22;

/** The sizes and flags of a ring. */
export interface UringOptions {
  /** Requests that the kernel takes at a time: a power of two. */
  readonly entries: number;
  /** Room for answers that we have not taken yet; the kernel keeps any others aside. */
  readonly completions: number;
  /** `IORING_SETUP_…`, besides those that we need ourselves. */
  readonly flags?: number;
}

/** An index of a ring, or the mask that turns it into a slot. */
type Index = "sqHead" | "sqTail" | "sqMask" | "cqHead" | "cqTail" | "cqMask";

/**
 * Two rings and their indexes, and a page for what the kernel reads during a wait.
 *
 * Each index is written by one side and read by the other. `Atomics` ensures that a side
 * that sees an index also sees the entries before it (liburing,
 * `io_uring_smp_store_release`). The indexes only increase, and wrap at 32 bits.
 */
export class UringMemory {
  readonly fd: number;
  /** The ring of requests, as words. Empty when closed, as are the answers. */
  requests: Int32Array;
  /** The ring of answers, as words. */
  answers: Int32Array;
  readonly #calls: { munmap: CFunction; close: CFunction };
  readonly #params: Uint32Array;
  #rings: Int32Array;
  /** For the kernel to read during a wait. */
  readonly scratch: BigInt64Array;
  readonly #maps: { address: number; size: number }[] = [];
  #closed = false;

  /**
   * @throws {SysError} ENOSYS where the kernel has no io_uring, EPERM where it is
   *   forbidden.
   * @throws {Error} Where the kernel is too old; 5.13 is needed.
   */
  constructor({ entries, completions, flags = 0 }: UringOptions) {
    const { fn } = library();
    this.#calls = {
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
      // Which of the two comes last depends on the kernel.
      const arrayEnd = this.#param("sqArray") + this.#param("sqEntries") * 4;
      const ringsSize = Math.max(answersAt + answersSize, arrayEnd);
      const rings = this.#map(ringsSize, OFFSETS.rings);
      this.#rings = new Int32Array(rings);
      this.answers = new Int32Array(rings, answersAt, answersSize >> 2);
      const size = this.#param("sqEntries") * SQE.words * 4;
      this.requests = new Int32Array(this.#map(size, OFFSETS.entries));
      this.scratch = new BigInt64Array(this.#map(PAGE, undefined));
    } catch (error) {
      this.close();
      throw error;
    }
    // Requests are submitted in slot order, so the array is written only once.
    const array = this.#param("sqArray") >> 2;
    for (let index = 0; index < this.#param("sqEntries"); index += 1) {
      this.#rings[array + index] = index;
    }
  }

  /** The address of `scratch`. */
  get scratchAddress(): number {
    return this.#maps.at(-1)?.address ?? 0;
  }

  load(index: Index): number {
    return Atomics.load(this.#rings, this.#param(index) >> 2);
  }

  store(index: "sqTail" | "cqHead", value: number): void {
    Atomics.store(this.#rings, this.#param(index) >> 2, value);
  }

  /** Ends all requests, and unmaps the memory. Any use after that throws. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.requests = this.answers = this.#rings = new Int32Array(0);
    this.#calls.close(this.fd);
    for (const { address, size } of this.#maps) this.#calls.munmap(address, size);
  }

  #param(field: keyof typeof PARAMS): number {
    return this.#params[PARAMS[field]] ?? 0;
  }

  #checkFeatures(): void {
    const needed =
      URING.FEATURE_SINGLE_MMAP |
      URING.FEATURE_NODROP |
      URING.FEATURE_EXT_ARG |
      URING.FEATURE_RSRC_TAGS;
    if ((this.#param("features") & needed) === needed) return;
    throw new Error("Cannot use io_uring: this kernel is older than Linux 5.13");
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
