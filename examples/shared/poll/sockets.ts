// The seam between the library and a system's sockets: non-blocking TCP over IPv4 and IPv6.
import type { SysError } from "./ffi.ts";

/** The address of a socket or of its peer. */
export interface Address {
  /** `127.0.0.1`, `::1`. */
  readonly host: string;
  readonly port: number;
}

/**
 * The number of bytes read: at least 1, unless the array is empty. "end" when the peer has
 * finished sending; "blocked" when there are none; "reset" when the connection is lost.
 */
export type Read = number | "end" | "blocked" | "reset";
/**
 * The number of bytes taken, possibly fewer than given; "blocked" when there is no room;
 * "reset" when the connection is lost.
 */
export type Written = number | "blocked" | "reset";
/**
 * A descriptor; "blocked" when no client is waiting; "full" when this process or system can
 * have no more connections for now. That may last: try again a little later.
 */
export type Accepted = number | "blocked" | "full";

/**
 * The calls that a program makes on its sockets. Whatever happens to a connection is a
 * return value (`errors.ts`). Bugs of the program are thrown, and so are failures to open,
 * bind or connect a socket.
 */
export interface Sockets {
  /**
   * @param host Determines the family, IPv4 or IPv6; IPv4 by default.
   * @throws {SysError} EMFILE or ENFILE when too many descriptors are open.
   */
  open(host?: string): number;
  /**
   * The port may be reused while old connections on it linger. `::` means all addresses of
   * this machine, including IPv4.
   *
   * @throws {SysError}
   */
  bind(fd: number, host: string, port: number): void;
  /**
   * Call it before `bind`. All sockets with this option may listen on the same port, and
   * the system spreads the clients over them.
   *
   * @throws {SysError} ENOPROTOOPT where the system does not.
   */
  setReusePort(fd: number): void;
  /** @param backlog How many clients may wait to be accepted. @throws {SysError} */
  listen(fd: number, backlog: number): void;
  /**
   * Skips clients that have already disconnected.
   *
   * @throws {SysError} When the socket is not listening.
   */
  accept(fd: number): Accepted;
  /** @throws {SysError} When it fails at once, for example ECONNREFUSED. */
  connect(fd: number, host: string, port: number): "connected" | "connecting";
  /** @throws {SysError} When `fd` is not a socket. */
  recv(fd: number, into: Uint8Array): Read;
  /** @throws {SysError} When `fd` is not a socket. */
  send(fd: number, bytes: Uint8Array): Written;
  /** Ends sending (half-close). Does nothing if the peer is lost. @throws {SysError} */
  shutdown(fd: number): void;
  /** Returns the pending error and clears it (SO_ERROR); undefined when there is none. */
  takeError(fd: number): SysError | undefined;
  /** @throws {SysError} */
  localAddress(fd: number): Address;
  /** The peer's address; undefined when the connection is lost. @throws {SysError} */
  peerAddress(fd: number): Address | undefined;
  /** Makes the system probe the peer after this many seconds of silence. */
  setKeepAlive(fd: number, seconds: number): void;
  /** With `on`, small writes are sent at once, without waiting for acknowledgements. */
  setNoDelay(fd: number, on: boolean): void;
  /**
   * Makes the kernel take only about this many bytes more than it can send now, and report
   * the socket as writable when half of them are gone. Ignored where there is no such option.
   */
  setUnsentLimit(fd: number, bytes: number): void;
  /** Sets the sizes of the kernel's buffers, in bytes; the kernel rounds them. */
  setBuffers(fd: number, receive: number, send: number): void;
  /** Makes `close` reset the connection and drop what was not sent yet. */
  setResetOnClose(fd: number): void;
  close(fd: number): void;
}
