// What it means that a call on a socket has failed: the one place where that is decided.
import { constants } from "node:os";
import { SysError } from "./ffi.ts";

const { EAGAIN, EWOULDBLOCK, EINTR, EBADF, ENOTSOCK, EFAULT, EINVAL } = constants.errno;

/**
 * Only these are mistakes of our own program, and thrown: an invalid descriptor, invalid
 * memory, an argument that makes no sense (read(2), send(2), accept(2), ERRORS). Of all
 * others the list has no end: a route that was withdrawn, a firewall, a kernel without memory
 * for this one packet. Each of them is the trouble of one connection, and ends that one only.
 */
const OURS: ReadonlySet<number> = new Set([EBADF, ENOTSOCK, EFAULT, EINVAL]);
/** The BSDs say EINVAL to an option or a shutdown of a connection that is gone. */
const OURS_EVEN_WHEN_GONE: ReadonlySet<number> = new Set([EBADF, ENOTSOCK, EFAULT]);

/** Numbers that Node has no names for: <asm-generic/errno.h> of Linux, <sys/errno.h> of BSD. */
const UNNAMED = process.platform === "linux" ? [64, 112] : [64];
/**
 * Of these accept(2) says to go on as after EAGAIN ("Error handling", and EPERM: a firewall):
 * they happened to a client that is gone. Winsock's accept says ECONNRESET for it.
 */
const PASSED: ReadonlySet<number> = new Set([
  EINTR,
  constants.errno.ECONNABORTED,
  constants.errno.ECONNRESET,
  constants.errno.EPERM,
  constants.errno.ENETDOWN,
  constants.errno.EPROTO,
  constants.errno.ENOPROTOOPT,
  constants.errno.EHOSTUNREACH,
  constants.errno.EOPNOTSUPP,
  constants.errno.ENETUNREACH,
  ...UNNAMED,
]);

/** How often in a row a call is tried again: an error that never ends must not hold us up. */
export const TRIES = 256;

/**
 * After an error of `recv` or `send`.
 *
 * @param error An errno, with the numbers of `os.constants.errno`.
 * @returns "again" when a signal has disturbed the call; "reset" when it is over with this
 *   connection, for whatever reason.
 * @throws {SysError} EBADF, ENOTSOCK, EFAULT, EINVAL.
 */
export function afterTransfer(
  what: string,
  error: number,
): "blocked" | "again" | "reset" {
  if (error === EAGAIN || error === EWOULDBLOCK) return "blocked";
  if (error === EINTR) return "again";
  if (OURS.has(error)) throw new SysError(what, error);
  return "reset";
}

/**
 * After an error of `accept`.
 *
 * @returns "again" when it was the trouble of a client that is gone; "full" when there are no
 *   descriptors or no memory (EMFILE, ENFILE, ENOBUFS, ENOMEM), and for each error that we do
 *   not know: a program that waits a while after "full" does not spin, whatever the
 *   reason.
 * @throws {SysError} EBADF, ENOTSOCK, EFAULT, EINVAL (it does not listen).
 */
export function afterAccept(error: number): "blocked" | "again" | "full" {
  if (error === EAGAIN || error === EWOULDBLOCK) return "blocked";
  if (PASSED.has(error)) return "again";
  if (OURS.has(error)) throw new SysError("accept", error);
  return "full";
}

/**
 * After an error of `shutdown`, `setsockopt` or `getsockopt` on a connection: one that is gone
 * takes no wishes, and has nothing to tell.
 *
 * @throws {SysError} EBADF, ENOTSOCK, EFAULT.
 */
export function afterWish(what: string, error: number): void {
  if (OURS_EVEN_WHEN_GONE.has(error)) throw new SysError(what, error);
}

/**
 * After an error of `close`: the descriptor is free all the same (close(2), "Dealing with
 * error returns"), so nobody is left to care. FreeBSD says ECONNRESET when the peer was faster.
 *
 * @throws {SysError} EBADF: it was not open, and might have been somebody else's.
 */
export function afterClose(error: number): void {
  if (error === EBADF || error === ENOTSOCK) throw new SysError("close a socket", error);
}
