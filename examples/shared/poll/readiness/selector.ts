// The seam between the library and a kernel's way of waiting: one implementation for each.

import type { Token } from "../token.ts";
import type { Events } from "./events.ts";
import type { Interest, Mode } from "./interest.ts";

/**
 * Waits for many sockets at once, and says which of them are ready for what.
 *
 * A socket is known by its descriptor (on Windows, its handle). It must be taken out before
 * it is closed: what happens otherwise is another thing on each kernel. `TcpStream` and
 * `TcpListener` do so by themselves.
 *
 * What it says of a socket:
 *
 * ```text
 *   readable      wanted READABLE; a read will not say "blocked": it gives bytes, the end,
 *                 or an error. Of a listener: somebody waits to be accepted
 *   writable      wanted WRITABLE; a write will not say "blocked"; a connection is made,
 *                 or has failed
 *   readClosed    the peer has finished sending, or is gone; reported with READABLE at least
 *   writeClosed   nothing that we write arrives any more
 *   error         the socket has failed: reported whatever was wanted
 * ```
 *
 * Any of these may have passed when we come to it (another thread has read): a program reads
 * until "blocked", and takes an event for a hint.
 */
export interface Selector {
  /** `epoll`, `kqueue`, … */
  readonly name: string;

  /** @throws {SysError} EEXIST when it is in already, EBADF when it is no socket. */
  register(fd: number, token: Token, interest: Interest, mode: Mode): void;

  /**
   * Puts a new registration in the place of the old one; all of it: bits that are not named
   * are no longer wanted. What is ready already is reported again, in each mode.
   *
   * @throws {SysError} ENOENT when it is not in.
   */
  reregister(fd: number, token: Token, interest: Interest, mode: Mode): void;

  /** No event of it comes after this. @throws {SysError} ENOENT when it is not in. */
  deregister(fd: number): void;

  /**
   * Waits until something is ready, or the time is up, or somebody wakes it; a signal may
   * end the wait early, without an event.
   *
   * @param events Gets what there is, as far as there is room; the rest comes next time, and
   *   nobody is left out forever. What is in it already stays; there is room for one
   *   more.
   * @param timeout Milliseconds, rounded up; 0 does not wait; null waits forever.
   */
  select(events: Events, timeout: number | null): void;

  /**
   * A call on the socket has just said "blocked". Where the kernel knows no edges, this is
   * when the next one is asked for; elsewhere it does nothing.
   *
   * @param interest Which call: READABLE or WRITABLE.
   */
  blocked(fd: number, interest: Interest): void;

  /**
   * What ends a wait from outside, without an event. A wake before a wait ends the next one
   * at once; many before one wait end that one only. The same handle each time it is asked.
   */
  openWake(): WakeHandle;

  /** Gives back all that it holds of the kernel. The sockets stay open. Twice is once. */
  close(): void;
}

/** Ends a wait, from this thread or another. */
export interface WakeHandle {
  /** What another thread needs to make a handle of its own: plain data, for a message. */
  readonly shared: WakeAddress;
  /** Costs a call of the system. After the selector's `close` it must not be called. */
  wake(): void;
}

export interface WakeAddress {
  /** Which kind of selector it wakes. */
  readonly poller: string;
  /** A descriptor, a handle or an address; what it is depends on the poller. */
  readonly handle: number;
}

/** The longest wait that a kernel counts in 31 bits of milliseconds: 24 days. */
const LONGEST = 2 ** 31 - 1;

/**
 * A timeout as the kernels take it: whole milliseconds, -1 forever. Rounded up, so that
 * nobody wakes before the time and spins until it comes.
 *
 * @throws {RangeError} When it is negative or no number.
 */
export function wholeMilliseconds(timeout: number | null): number {
  if (timeout === null || timeout === Number.POSITIVE_INFINITY) return -1;
  if (timeout >= 0) return Math.min(Math.ceil(timeout), LONGEST);
  throw new RangeError(`Cannot wait ${timeout} ms: it must be 0 or more`);
}
