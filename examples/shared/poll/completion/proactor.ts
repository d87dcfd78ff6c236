// The completion seam: a program requests work, and is notified when it is done.
// (Readiness, the other seam, reports when a program can do the work itself.)
import { constants } from "node:os";
import { SysError } from "../ffi.ts";
import type { Waker } from "../readiness/waker.ts";
import type { Address } from "../sockets.ts";
import type { Token } from "../token.ts";

/**
 * Something that was requested is done. `token` is the socket's: no other open socket of the
 * proactor has the same one, and no later one until 2,048 others have used its place (see
 * `Slab`).
 */
export type Completion =
  /** A connection; or the process or system can have no more for now: try again later. */
  | { readonly kind: "accept"; readonly token: Token; readonly result: Token | "full" }
  /** At least one byte, valid until the next `wait`; or no more will come. */
  | {
      readonly kind: "recv";
      readonly token: Token;
      readonly result: Uint8Array | "end" | "reset";
    }
  /** The kernel has taken all of it; or the peer is lost. */
  | { readonly kind: "send"; readonly token: Token; readonly result: "sent" | "reset" }
  /** The kernel no longer uses anything that belongs to the socket. */
  | { readonly kind: "close"; readonly token: Token }
  | { readonly kind: "wake" };

/**
 * TCP with completions.
 *
 * ```text
 *   program         accept, recv, send, close                     wait ─► completions
 *                     │                                            ▲
 *   proactor          ▼ its own memory, lent to the kernel ──┐     │
 *   kernel            does the work when it can ◄────────────┘ ────┘ done
 * ```
 *
 * The proactor owns the buffers, because memory that the kernel may use after a call has
 * returned must be out of the garbage collector's reach. So `send` copies, and received
 * bytes must be copied or consumed before the next `wait`.
 *
 * A socket has at most one operation of each kind in flight, because a kernel may reorder
 * two sends. Requesting another, using a closed socket, or a listener as a connection or the
 * reverse, is a bug and throws. After `end`, `listen`, `wait` and `openWaker` throw
 * EBADF. Belongs to one thread.
 */
export interface Proactor {
  readonly name: string;
  /** The number of operations that the kernel has, or will be asked for. */
  readonly inFlight: number;
  /** The memory held for buffers, in bytes. */
  readonly held: number;

  /**
   * @param host An IPv4 address in dotted-decimal notation.
   * @param port 0 for any free port.
   * @throws {SysError} EADDRINUSE, for example.
   */
  listen(host: string, port: number): Token;
  localAddress(token: Token): Address;
  setNoDelay(token: Token, on: boolean): void;
  setUnsentLimit(token: Token, bytes: number): void;
  /** Makes `close` reset the connection and drop data in flight to the peer. */
  setResetOnClose(token: Token): void;

  /** Requests one connection. */
  accept(listener: Token): void;
  /** Requests bytes, as soon as there are any. */
  recv(token: Token): void;
  /** Requests that all of `bytes` be sent; the caller may reuse the array at once. */
  send(token: Token, bytes: Uint8Array): void;
  /** Ends sending (half-close). @throws {Error} While a send is in flight. */
  shutdown(token: Token): void;
  /**
   * Closes a socket, invalidates its token, and cancels whatever it has in flight: the only
   * completion still to come is its "close". What was not sent is lost. Completions that a
   * `wait` has already returned may still contain the token.
   */
  close(token: Token): void;

  /**
   * Waits until something is done. It may return early, with nothing.
   *
   * @param timeout Milliseconds, rounded up; 0 does not wait; null means no timeout.
   */
  wait(timeout: number | null): Completion[];

  /**
   * Opens the waker, which ends a wait from any thread (`wakerFrom`). Several wakes may be
   * coalesced into one completion.
   *
   * @throws {Error} When there is one already; its `shared` gives other threads their own.
   */
  openWaker(): Waker;

  /** Closes all sockets, and waits for the kernel to release the memory. */
  end(): void;
}

/** @throws {SysError} EBADF when a proactor has ended. */
export function refuseEnded(ended: boolean): void {
  if (ended) throw new SysError("use a proactor that has ended", constants.errno.EBADF);
}

/** The error when a listener is used as a connection, which is a bug. */
export function noStream(token: Token): Error {
  return new Error(`Cannot use the socket ${token} as a stream: it is a listener`);
}

/** The error when a connection is used as a listener, which is a bug. */
export function noListener(token: Token): Error {
  return new Error(`Cannot accept on the socket ${token}: it is a connection`);
}

/** The most bytes that a `recv` returns. */
export const RECEIVE_SIZE = 16_384;
