// The completion seam: a program asks for work, and is notified when it is done.
// (Readiness, the other seam, tells when a program may do the work itself.)
import { constants } from "node:os";
import { SysError } from "../ffi.ts";
import type { Waker } from "../readiness/waker.ts";
import type { Address } from "../sockets.ts";
import type { Token } from "../token.ts";

/**
 * Something that was asked for is done. `token` is the socket's; no two sockets of a proactor
 * have the same one, also not one after the other (see `Slab`).
 */
export type Completion =
  /** A connection, or the process or system can have no more: ask again later. */
  | { readonly kind: "accept"; readonly token: Token; readonly result: Token | "full" }
  /** Bytes, at least one, that are ours until the next `wait`; or no more will come. */
  | {
      readonly kind: "recv";
      readonly token: Token;
      readonly result: Uint8Array | "end" | "reset";
    }
  /** The kernel has taken all of it; or the peer is lost. */
  | { readonly kind: "send"; readonly token: Token; readonly result: "sent" | "reset" }
  /** The kernel has let go of all that was the socket's. */
  | { readonly kind: "close"; readonly token: Token }
  | { readonly kind: "wake" };

/**
 * TCP by completions.
 *
 * ```text
 *   program         accept, recv, send, close                     wait ─► completions
 *                     │                                            ▲
 *   proactor          ▼ its own memory, lent to the kernel ──┐     │
 *   kernel            does it, whenever it can ◄─────────────┘ ────┘ done
 * ```
 *
 * The buffers are the proactor's: what the kernel may touch after a call has returned, the
 * garbage collector must know nothing of. So `send` copies, and what `recv` brought is to be
 * copied, or used up, before the next `wait`.
 *
 * A socket has at most one operation of a kind in flight: of two sends at once a kernel may
 * do the second first. To ask for another, or anything of a socket that is closed, is a
 * mistake, and thrown; of one that has ended it is EBADF. All of it belongs to one thread.
 */
export interface Proactor {
  readonly name: string;
  /** Operations that the kernel has, or will be asked for. */
  readonly inFlight: number;
  /** Bytes of memory that are mapped for buffers. */
  readonly held: number;

  /**
   * @param host Four numbers with dots between.
   * @param port 0 for any that is free.
   * @throws {SysError} EADDRINUSE and the like.
   */
  listen(host: string, port: number): Token;
  localAddress(token: Token): Address;
  setNoDelay(token: Token, on: boolean): void;
  /** With `close` the peer then sees a reset, and what was on its way to it is dropped. */
  setResetOnClose(token: Token): void;

  /** Asks for one connection. */
  accept(listener: Token): void;
  /** Asks for bytes, as soon as there are any. */
  recv(token: Token): void;
  /** Asks to send all of `bytes`, which the caller may reuse at once. */
  send(token: Token, bytes: Uint8Array): void;
  /** Says that no more will be sent. @throws {Error} While a send is in flight. */
  shutdown(token: Token): void;
  /**
   * Ends the token, and whatever was in flight under it: of that no completion comes any
   * more, but one that says that the socket is closed. What was not sent is lost. In
   * completions that a `wait` has already given, the token may still stand.
   */
  close(token: Token): void;

  /**
   * Waits until something is done. It may come back before, with nothing.
   *
   * @param timeout Milliseconds, rounded up; 0 does not wait; null waits forever.
   */
  wait(timeout: number | null): Completion[];

  /**
   * What ends a wait, from another thread too (`wakerFrom`). Many wakes may be one completion.
   *
   * @throws {Error} When there is one: its `shared` makes as many as are needed.
   */
  openWaker(): Waker;

  /** Closes all sockets, and waits until the kernel has let go of the memory. */
  end(): void;
}

/** @throws {SysError} EBADF when a proactor has ended. */
export function refuseEnded(ended: boolean): void {
  if (ended) throw new SysError("use a proactor that has ended", constants.errno.EBADF);
}

/** How much a `recv` brings at most. */
export const RECEIVE_SIZE = 16_384;
