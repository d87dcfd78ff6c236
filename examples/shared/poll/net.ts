// Non-blocking TCP listeners and streams, which a program registers with a poller.
import { constants } from "node:os";
import { SysError } from "./ffi.ts";
import { READABLE, WRITABLE } from "./readiness/interest.ts";
import type { Source, Watcher } from "./readiness/poll.ts";
import type { Address, Read, Sockets, Written } from "./sockets.ts";
import { systemSockets } from "./system-sockets.ts";

/** How many clients may wait to be accepted; the same as in Node. */
const BACKLOG = 511;

/**
 * A descriptor that is deregistered from its poller before it is closed. After that every
 * use throws, because the system may have given the number to another socket.
 */
class Socket implements Source {
  readonly fd: number;
  protected readonly sockets: Sockets;
  #watcher: Watcher | undefined;
  #closed = false;

  /** @param fd A non-blocking socket; takes ownership of it. */
  constructor(fd: number, sockets: Sockets = systemSockets()) {
    this.fd = fd;
    this.sockets = sockets;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get watcher(): Watcher | undefined {
    return this.#watcher;
  }

  setWatcher(watcher: Watcher | undefined): void {
    this.#watcher = watcher;
  }

  /**
   * Its own address, including a port that the system has chosen.
   *
   * @throws {SysError} EBADF when it is closed; on some systems, when the connection is
   *   lost.
   */
  localAddress(): Address {
    return this.sockets.localAddress(this.open);
  }

  /**
   * Returns the pending error and clears it; undefined when there is none.
   *
   * @throws {SysError} EBADF when it is closed.
   */
  takeError(): SysError | undefined {
    return this.sockets.takeError(this.open);
  }

  /** Deregisters it and closes its descriptor. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#watcher?.deregister(this);
    } finally {
      this.sockets.close(this.fd);
    }
  }

  /** Its descriptor, while it is open. @throws {SysError} EBADF when it is closed. */
  protected get open(): number {
    if (!this.#closed) return this.fd;
    throw new SysError("use a socket that is closed", constants.errno.EBADF);
  }

  /** Reports a "blocked" to the poller, and returns the answer. */
  protected reportBlocked<Answer>(answer: Answer, interest: number): Answer {
    if (answer === "blocked") this.#watcher?.blocked(this, interest);
    return answer;
  }
}

/** Accepts connections. Readable means that a client is waiting. */
export class TcpListener extends Socket {
  /**
   * @param host An address; `::` means all addresses of this machine, including IPv4.
   * @param port 0 for any free port.
   * @throws {SysError} EADDRINUSE, for example.
   */
  static listen(
    host: string,
    port: number,
    sockets: Sockets = systemSockets(),
  ): TcpListener {
    return TcpListener.#open(host, port, sockets, false);
  }

  /**
   * Like `listen`, but shares the port with other listeners opened this way: each gets some
   * of the clients.
   *
   * @throws {SysError} ENOPROTOOPT where the system does not spread clients over listeners.
   */
  static listenReusePort(
    host: string,
    port: number,
    sockets: Sockets = systemSockets(),
  ): TcpListener {
    return TcpListener.#open(host, port, sockets, true);
  }

  static #open(
    host: string,
    port: number,
    sockets: Sockets,
    reusePort: boolean,
  ): TcpListener {
    const fd = sockets.open(host);
    try {
      if (reusePort) sockets.setReusePort(fd);
      sockets.bind(fd, host, port);
      sockets.listen(fd, BACKLOG);
    } catch (error) {
      sockets.close(fd);
      throw error;
    }
    return new TcpListener(fd, sockets);
  }

  /**
   * @returns A connection; "blocked" when no client is waiting; "full" when this process or
   *   the system has no descriptor or no memory left, or after any other error. The client
   *   then stays in the backlog. Try again a little later, because the kernel does not
   *   report when the shortage is over.
   * @throws {SysError} EBADF when it is closed.
   */
  accept(): TcpStream | "blocked" | "full" {
    const fd = this.reportBlocked(this.sockets.accept(this.open), READABLE);
    return typeof fd === "number" ? new TcpStream(fd, this.sockets) : fd;
  }
}

/** A connection, possibly still being established. */
export class TcpStream extends Socket {
  /**
   * Starts to connect. The connection is established when the stream becomes writable and
   * `takeError` returns undefined (connect(2), EINPROGRESS).
   *
   * @throws {SysError} When the attempt fails at once.
   */
  static connect(
    host: string,
    port: number,
    sockets: Sockets = systemSockets(),
  ): TcpStream {
    const fd = sockets.open(host);
    try {
      sockets.connect(fd, host, port);
    } catch (error) {
      sockets.close(fd);
      throw error;
    }
    return new TcpStream(fd, sockets);
  }

  /**
   * Reads as much as is available and fits. A short read arms the next edge as "blocked"
   * does, so there is no need to read again: bytes that are left (the kernel stops at TCP's
   * urgent byte, and drops it) are reported by another event. An exception: after
   * `isReadClosed`, the end of the stream must still be read.
   *
   * @throws {SysError} EBADF when it is closed.
   */
  read(into: Uint8Array): Read {
    const read = this.sockets.recv(this.open, into);
    const isShort = typeof read === "number" && read < into.length;
    if (isShort) this.watcher?.blocked(this, READABLE);
    return this.reportBlocked(read, READABLE);
  }

  /**
   * Writes as much as the kernel takes now; the caller keeps the rest.
   *
   * @throws {SysError} EBADF when it is closed.
   */
  write(bytes: Uint8Array): Written {
    return this.reportBlocked(this.sockets.send(this.open, bytes), WRITABLE);
  }

  /** Half-closes the connection: ends sending, while reading continues. */
  shutdown(): void {
    this.sockets.shutdown(this.open);
  }

  /** With `on`, small writes are sent at once. */
  setNoDelay(on: boolean): void {
    this.sockets.setNoDelay(this.open, on);
  }

  /** The peer's address; undefined when the connection is lost. */
  peerAddress(): Address | undefined {
    return this.sockets.peerAddress(this.open);
  }

  /** Makes the system probe the peer after this many seconds of silence. */
  setKeepAlive(seconds: number): void {
    this.sockets.setKeepAlive(this.open, seconds);
  }

  /**
   * Makes the kernel take only about this many bytes more than it can send now. Otherwise it
   * may take megabytes, and a slow reader then looks like one that has stopped: the socket
   * becomes writable only when about a third of its buffer is free (TCP_NOTSENT_LOWAT).
   */
  setUnsentLimit(bytes: number): void {
    this.sockets.setUnsentLimit(this.open, bytes);
  }

  /** Sets the sizes of the kernel's buffers, in bytes; the kernel rounds them. */
  setBuffers(receive: number, send: number): void {
    this.sockets.setBuffers(this.open, receive, send);
  }

  /** Closes it at once: the peer sees a reset, and data in flight is lost. */
  reset(): void {
    if (this.closed) return;
    this.sockets.setResetOnClose(this.open);
    this.close();
  }
}
