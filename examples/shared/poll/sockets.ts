// The seam between the library and a system's sockets: TCP over IPv4 and IPv6, and no call waits.
import type { SysError } from "./ffi.ts";

/** Where a socket is, or what it is connected to. */
export interface Address {
  /** `127.0.0.1`, `::1`. */
  readonly host: string;
  readonly port: number;
}

/** Bytes read, at least 1; or the peer has finished; or nothing is here; or it is lost. */
export type Read = number | "end" | "blocked" | "reset";
/** Bytes taken, perhaps fewer than given; or there is no room; or the peer is lost. */
export type Written = number | "blocked" | "reset";
/**
 * A descriptor; or nobody is there; or this process or system can have no more now, for a
 * reason that may last: come back a little later.
 */
export type Accepted = number | "blocked" | "full";

/**
 * The calls that a program makes on its sockets. What happens to a connection is a value,
 * whatever it is (`errors.ts`); what is thrown is a mistake of the program, or a lack of the
 * system when something is to be opened.
 */
export interface Sockets {
  /**
   * @param host Whose family it is to have, IPv4 or IPv6; IPv4 without one.
   * @throws {SysError} EMFILE and ENFILE when there can be no more.
   */
  open(host?: string): number;
  /**
   * The port may be reused while old connections of it linger. `::` is all of this machine's
   * addresses, those of IPv4 too.
   *
   * @throws {SysError}
   */
  bind(fd: number, host: string, port: number): void;
  /**
   * Before `bind`: others that ask for it too may listen on the same port, and the system
   * spreads the clients over them.
   *
   * @throws {SysError} ENOPROTOOPT where the system does not.
   */
  setReusePort(fd: number): void;
  /** @param backlog How many may wait until they are accepted. @throws {SysError} */
  listen(fd: number, backlog: number): void;
  /**
   * Clients that gave up before we came are passed over.
   *
   * @throws {SysError} When it does not listen.
   */
  accept(fd: number): Accepted;
  /** @throws {SysError} ECONNREFUSED and the like, where the system knows at once. */
  connect(fd: number, host: string, port: number): "connected" | "connecting";
  /** @throws {SysError} When it is no socket. */
  recv(fd: number, into: Uint8Array): Read;
  /** @throws {SysError} When it is no socket. */
  send(fd: number, bytes: Uint8Array): Written;
  /** Says that no more will be sent. Nothing happens if the peer is lost. @throws {SysError} */
  shutdown(fd: number): void;
  /** What has become of it, once: undefined when nothing is wrong (SO_ERROR). */
  takeError(fd: number): SysError | undefined;
  /** @throws {SysError} */
  localAddress(fd: number): Address;
  /** Where the other end is; undefined when the connection is gone. @throws {SysError} */
  peerAddress(fd: number): Address | undefined;
  /** After so many silent seconds the system asks whether the peer is there. */
  setKeepAlive(fd: number, seconds: number): void;
  /** Small writes go at once, and do not wait for an answer to those before. */
  setNoDelay(fd: number, on: boolean): void;
  /** How much the kernel keeps of what was not yet read, and not yet sent; it rounds. */
  setBuffers(fd: number, receive: number, send: number): void;
  /** With `close` the peer then sees a reset, and what was not yet sent is dropped. */
  setResetOnClose(fd: number): void;
  close(fd: number): void;
}
