// A completion port of Windows: a queue of what has ended, that threads can wait for. What
// AFD's polls and what overlapped sends and receives have ended with both come here.
import { type CFunction, library } from "../ffi.ts";
import type { WakeAddress, WakeHandle } from "../readiness/selector.ts";
import { ENTRY, WSA } from "./layout-windows.ts";
import { type WindowsCalls, windowsCalls, windowsError } from "./windows.ts";

/** The key of whatever a waker posts; all else comes with 0. */
const WAKE_KEY = 1;
const NONE = -1;

/**
 * A port, and the entries that the last wait has taken from it. Source: Microsoft, "I/O
 * Completion Ports", GetQueuedCompletionStatusEx.
 */
export class CompletionPort {
  readonly handle: number;
  readonly #windows: WindowsCalls = windowsCalls();
  readonly #create: CFunction;
  readonly #take: CFunction;
  readonly #taken = new Uint32Array(1);
  #entries = new Uint32Array(0);

  /** @throws {Error} On all but Windows. @throws {SysError} When there is no memory. */
  constructor() {
    const { fn } = library("kernel32.dll");
    this.#create = fn(
      "intptr_t CreateIoCompletionPort(intptr_t file, intptr_t port, intptr_t key, uint32_t threads)",
    );
    this.#take = fn(
      "int GetQueuedCompletionStatusEx(intptr_t port, void *entries, uint32_t room, void *taken, uint32_t ms, int alertable)",
    );
    this.handle = this.#create(NONE, 0, 0, 1);
    if (this.handle === 0) this.#fail("open a completion port");
  }

  /** What is asked of `file` from now on ends here. @throws {SysError} */
  associate(what: string, file: number): void {
    if (this.#create(file, this.handle, 0, 0) === 0) this.#fail(what);
  }

  /**
   * Takes what has ended, the oldest first.
   *
   * @param room At most so many.
   * @param ms -1 waits forever.
   * @returns How many came.
   */
  wait(room: number, ms: number): number {
    const size = room * ENTRY.words;
    if (this.#entries.length < size) this.#entries = new Uint32Array(size);
    // INFINITE is 2^32 - 1: the same bits as -1.
    const time = ms >>> 0;
    if (this.#take(this.handle, this.#entries, room, this.#taken, time, 0) !== 0) {
      return this.#taken[0] ?? 0;
    }
    const error = this.#windows.lastError();
    if (error === WSA.WAIT_TIMEOUT) return 0;
    throw windowsError("wait for a completion", error);
  }

  /** Is the entry of a waker? */
  isWake(index: number): boolean {
    return this.#entries[index * ENTRY.words + ENTRY.key] === WAKE_KEY;
  }

  /** The address that the request was made with: an OVERLAPPED, or a context. */
  addressOf(index: number): number {
    const at = index * ENTRY.words + ENTRY.overlapped;
    return (this.#entries[at] ?? 0) + (this.#entries[at + 1] ?? 0) * 2 ** 32;
  }

  /** How it ended, one of `STATUS`: 0 is well. */
  statusOf(index: number): number {
    return (this.#entries[index * ENTRY.words + ENTRY.status] ?? 0) | 0;
  }

  /** How many bytes went. */
  bytesOf(index: number): number {
    return this.#entries[index * ENTRY.words + ENTRY.bytes] ?? 0;
  }

  close(): void {
    this.#windows.closeHandle(this.handle);
  }

  #fail(what: string): never {
    throw windowsError(what, this.#windows.lastError());
  }
}

/** Posts an entry to a port, from whichever thread of this process. */
export function wakeByPosting(shared: WakeAddress): WakeHandle {
  const windows = windowsCalls();
  const post = library("kernel32.dll").fn(
    "int PostQueuedCompletionStatus(intptr_t port, uint32_t bytes, intptr_t key, intptr_t overlapped)",
  );
  return {
    shared,
    wake: () => {
      if (post(shared.handle, 0, WAKE_KEY, 0) !== 0) return;
      throw windowsError("wake a poller", windows.lastError());
    },
  };
}
