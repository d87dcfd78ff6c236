// A completion port of Windows: a queue of completed requests that threads can wait for.
// AFD's polls and overlapped operations on sockets both complete here.
import { type CFunction, library } from "../ffi.ts";
import type { WakeAddress, WakeHandle } from "../readiness/selector.ts";
import { ENTRY, WSA } from "./layout-windows.ts";
import { type WindowsCalls, windowsCalls, windowsError } from "./windows.ts";

/** The key of the entries that a waker posts; all others have 0. */
const WAKE_KEY = 1;
const NONE = -1;

/**
 * A port, and the entries that the last wait took from it. Source: Microsoft, "I/O
 * Completion Ports", GetQueuedCompletionStatusEx.
 */
export class CompletionPort {
  readonly handle: number;
  readonly #windows: WindowsCalls = windowsCalls();
  readonly #create: CFunction;
  readonly #take: CFunction;
  readonly #taken = new Uint32Array(1);
  #entries = new Uint32Array(0);

  /** @throws {Error} If this is not Windows. @throws {SysError} When there is no memory. */
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

  /** Makes future requests on `file` complete at this port. @throws {SysError} */
  associate(what: string, file: number): void {
    if (this.#create(file, this.handle, 0, 0) === 0) this.#fail(what);
  }

  /**
   * Takes completed requests, oldest first.
   *
   * @param room The most entries to take.
   * @param ms The timeout in milliseconds; -1 for none.
   * @returns The number of entries taken.
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

  /** Whether the entry comes from a waker. */
  isWake(index: number): boolean {
    return this.#entries[index * ENTRY.words + ENTRY.key] === WAKE_KEY;
  }

  /** The address that the request was made with: an OVERLAPPED, or a context. */
  addressOf(index: number): number {
    const at = index * ENTRY.words + ENTRY.overlapped;
    return (this.#entries[at] ?? 0) + (this.#entries[at + 1] ?? 0) * 2 ** 32;
  }

  /** How the request ended, as in `STATUS`; 0 is success. */
  statusOf(index: number): number {
    return (this.#entries[index * ENTRY.words + ENTRY.status] ?? 0) | 0;
  }

  /** The number of bytes transferred. */
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

/** Wakes by posting an entry to a port, from any thread of this process. */
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
