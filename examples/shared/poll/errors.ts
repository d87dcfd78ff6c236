// The one place that decides what a failed call on a socket means.
import { constants } from "node:os";
import { SysError } from "./ffi.ts";

const { EAGAIN, EWOULDBLOCK, EINTR, EBADF, ENOTSOCK, EFAULT, EINVAL } = constants.errno;

/**
 * Bugs in our own program, which are thrown: an invalid descriptor, invalid memory, an
 * invalid argument (read(2), send(2), accept(2), ERRORS). There are countless other errors:
 * a withdrawn route, a firewall, a kernel without memory for this packet. Each of them ends
 * its own connection, and no other.
 */
const BUGS: ReadonlySet<number> = new Set([EBADF, ENOTSOCK, EFAULT, EINVAL]);
/** Without EINVAL: the BSDs return it for an option or a shutdown on a lost connection. */
const CONTROL_BUGS: ReadonlySet<number> = new Set([EBADF, ENOTSOCK, EFAULT]);

/** ENONET and EHOSTDOWN, which Node does not name: <asm-generic/errno.h>, <sys/errno.h>. */
const UNNAMED = process.platform === "linux" ? [64, 112] : [64];
/**
 * After these, accept(2) says to retry as after EAGAIN ("Error handling"; EPERM is from a
 * firewall), because the client's connection is lost. Winsock reports that as ECONNRESET.
 */
const RETRY_ACCEPT: ReadonlySet<number> = new Set([
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

/** How many times in a row a call is tried, so that a persistent error cannot stall us. */
export const TRIES = 256;

/**
 * Decides what to do after an error of `recv` or `send`.
 *
 * @param error An errno of `os.constants.errno`.
 * @returns "again" when a signal has interrupted the call; "reset" when the connection is
 *   lost, whatever the reason.
 * @throws {SysError} EBADF, ENOTSOCK, EFAULT, EINVAL.
 */
export function afterTransfer(
  what: string,
  error: number,
): "blocked" | "again" | "reset" {
  if (error === EAGAIN || error === EWOULDBLOCK) return "blocked";
  if (error === EINTR) return "again";
  if (BUGS.has(error)) throw new SysError(what, error);
  return "reset";
}

/**
 * Decides what to do after an error of `accept`.
 *
 * @returns "again" when only that client's connection was lost; "full" when there are no
 *   descriptors or no memory (EMFILE, ENFILE, ENOBUFS, ENOMEM), and for every unknown
 *   error, because a program that pauses after "full" does not spin.
 * @throws {SysError} EBADF, ENOTSOCK, EFAULT, EINVAL (not listening).
 */
export function afterAccept(error: number): "blocked" | "again" | "full" {
  if (error === EAGAIN || error === EWOULDBLOCK) return "blocked";
  if (RETRY_ACCEPT.has(error)) return "again";
  if (BUGS.has(error)) throw new SysError("accept", error);
  return "full";
}

/**
 * Ignores an error of `shutdown`, `setsockopt` or `getsockopt` that only means that the
 * connection is lost.
 *
 * @throws {SysError} EBADF, ENOTSOCK, EFAULT.
 */
export function afterControl(what: string, error: number): void {
  if (CONTROL_BUGS.has(error)) throw new SysError(what, error);
}

/**
 * Ignores an error of `close`, because the descriptor is free all the same (close(2),
 * "Dealing with error returns"). FreeBSD reports ECONNRESET if the peer was faster.
 *
 * @throws {SysError} EBADF, ENOTSOCK: it was not open, and might have been another socket.
 */
export function afterClose(error: number): void {
  if (error === EBADF || error === ENOTSOCK) throw new SysError("close a socket", error);
}
