// The seam between the library and a kernel's readiness interface.

import type { Token } from "../token.ts";
import type { Events } from "./events.ts";
import type { Interest, Mode } from "./interest.ts";

/**
 * Waits for many sockets at once, and reports which of them are ready for what.
 *
 * A socket is identified by its descriptor (on Windows, its handle). Deregister it before
 * you close it; what happens otherwise differs between kernels. `TcpStream` and
 * `TcpListener` do that themselves.
 *
 * What it reports:
 *
 * ```text
 *   readable      if READABLE is requested: a read will not say "blocked" but return bytes,
 *                 the end or an error. For a listener: a client is waiting to be accepted
 *   writable      if WRITABLE is requested: a write will not say "blocked"; a connection
 *                 attempt has succeeded or failed
 *   readClosed    the peer has finished sending or is lost; reported at least with READABLE
 *   writeClosed   nothing that we write can reach the peer
 *   error         the socket has failed; always reported
 * ```
 *
 * An event is a hint: by the time we handle it, it may be stale (another thread may have
 * read). A program reads until "blocked".
 */
export interface Selector {
  /** `epoll`, `kqueue`, … */
  readonly name: string;

  /** @throws {SysError} EEXIST when already registered, EBADF when `fd` is no socket. */
  register(fd: number, token: Token, interest: Interest, mode: Mode): void;

  /**
   * Replaces the complete registration: interests that are not given are dropped. Existing
   * readiness is reported again, in every mode.
   *
   * @throws {SysError} ENOENT when it is not registered.
   */
  reregister(fd: number, token: Token, interest: Interest, mode: Mode): void;

  /** Stops all events of a socket. @throws {SysError} ENOENT when it is not registered. */
  deregister(fd: number): void;

  /**
   * Waits until a socket is ready, the timeout expires or a wake arrives. A signal may end
   * the wait early, without an event.
   *
   * @param events Receives as many events as there is room for; the rest come with later
   *   waits, and no socket is starved. Existing events stay; it must have room for one
   *   more.
   * @param timeout Milliseconds, rounded up; 0 does not wait; null means no timeout.
   */
  select(events: Events, timeout: number | null): void;

  /**
   * Reports that a call on the socket has just said "blocked", or that a read was short.
   * Where edges are emulated, this arms the next one; with epoll, only after urgent data.
   *
   * @param interest Which call: READABLE or WRITABLE.
   */
  blocked(fd: number, interest: Interest): void;

  /**
   * Returns a handle that ends a wait from outside, without an event. A wake before a wait
   * ends that wait at once; several before one wait are coalesced. Always returns the same
   * handle.
   */
  openWake(): WakeHandle;

  /** Releases all its kernel resources. The sockets stay open. Idempotent. */
  close(): void;
}

/** Ends a wait, from this thread or another. */
export interface WakeHandle {
  /** Plain data for a message, from which another thread creates its own handle. */
  readonly shared: WakeAddress;
  /** Costs a system call. Must not be called after the selector's `close`. */
  wake(): void;
}

export interface WakeAddress {
  /** The kind of selector that it wakes. */
  readonly poller: string;
  /** A descriptor, a handle or an address, depending on the poller. */
  readonly handle: number;
}

/** The longest timeout that fits in 31 bits of milliseconds: 24 days. */
const MAX_TIMEOUT = 2 ** 31 - 1;

/**
 * Converts a timeout to the kernels' form: whole milliseconds, -1 for none. Rounds up, so
 * that a wait does not end just before its deadline and spin until then.
 *
 * @throws {RangeError} When it is negative or not a number.
 */
export function wholeMilliseconds(timeout: number | null): number {
  if (timeout === null || timeout === Number.POSITIVE_INFINITY) return -1;
  if (timeout >= 0) return Math.min(Math.ceil(timeout), MAX_TIMEOUT);
  throw new RangeError(`Cannot wait ${timeout} ms: it must be 0 or more`);
}
