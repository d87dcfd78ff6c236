// TCP connections that never wait: what a program registers with a poller.
import { constants } from "node:os";
import { SysError } from "./ffi.ts";
import { READABLE, WRITABLE } from "./readiness/interest.ts";
import type { Source, Watcher } from "./readiness/poll.ts";
import type { Address, Read, Sockets, Written } from "./sockets.ts";
import { systemSockets } from "./system-sockets.ts";

/** How many clients may wait to be accepted: what Node takes. */
const BACKLOG = 511;

/**
 * A descriptor that leaves its poller before it is closed. After that it refuses to be used:
 * the system gives the number to the next socket that is opened, which is none of ours.
 */
class Socket implements Source {
  readonly fd: number;
  protected readonly sockets: Sockets;
  #watcher: Watcher | undefined;
  #closed = false;

  /** @param fd A socket that does not wait, and that is ours from now on. */
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

  watchedBy(watcher: Watcher | undefined): void {
    this.#watcher = watcher;
  }

  /**
   * Where it is: the port that the system has chosen, too.
   *
   * @throws {SysError} EBADF when it is closed; on some systems, when the connection is gone.
   */
  localAddress(): Address {
    return this.sockets.localAddress(this.open);
  }

  /**
   * What has become of it since it was asked last; undefined when nothing is wrong.
   *
   * @throws {SysError} EBADF when it is closed.
   */
  takeError(): SysError | undefined {
    return this.sockets.takeError(this.open);
  }

  /** Leaves its poller, and gives its descriptor back. Twice is once. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#watcher?.deregister(this);
    } finally {
      this.sockets.close(this.fd);
    }
  }

  /** Its descriptor, while it is ours. @throws {SysError} EBADF when it is closed. */
  protected get open(): number {
    if (!this.#closed) return this.fd;
    throw new SysError("use a socket that is closed", constants.errno.EBADF);
  }

  /** Tells the poller of a "blocked", and hands the answer on. */
  protected told<Answer>(answer: Answer, interest: number): Answer {
    if (answer === "blocked") this.#watcher?.blocked(this, interest);
    return answer;
  }
}

/** Takes connections. Readable means that somebody waits. */
export class TcpListener extends Socket {
  /**
   * @param host An address; `::` is all of this machine's, those of IPv4 too.
   * @param port 0 for any that is free.
   * @throws {SysError} EADDRINUSE and the like.
   */
  static listen(
    host: string,
    port: number,
    sockets: Sockets = systemSockets(),
  ): TcpListener {
    return TcpListener.#open(host, port, sockets, false);
  }

  /**
   * The same, where others that were opened so may listen on the port, too: each gets some of
   * the clients.
   *
   * @throws {SysError} ENOPROTOOPT where the system does not spread them.
   */
  static listenBeside(
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
    isBeside: boolean,
  ): TcpListener {
    const fd = sockets.open(host);
    try {
      if (isBeside) sockets.setReusePort(fd);
      sockets.bind(fd, host, port);
      sockets.listen(fd, BACKLOG);
    } catch (error) {
      sockets.close(fd);
      throw error;
    }
    return new TcpListener(fd, sockets);
  }

  /**
   * @returns A connection; "blocked" when nobody waits; "full" when this process or the
   *   system has no descriptor or no memory left, or something else is wrong: the client
   *   stays in the backlog. Try again a little later: the kernel does not report when it
   *   is over.
   * @throws {SysError} EBADF when it is closed.
   */
  accept(): TcpStream | "blocked" | "full" {
    const fd = this.told(this.sockets.accept(this.open), READABLE);
    return typeof fd === "number" ? new TcpStream(fd, this.sockets) : fd;
  }
}

/** A connection, or one that is being made. */
export class TcpStream extends Socket {
  /**
   * Begins to connect. It is made when the stream becomes writable and `takeError` gives
   * nothing (connect(2), EINPROGRESS).
   *
   * @throws {SysError} When the system knows at once that it cannot be.
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
   * Reads what is there, as far as it finds room. When it fills less than all of it, that was
   * all: an edge may follow as after "blocked", and a program need not ask for that one. Unless
   * the peer has finished sending (`isReadClosed`): then the end is still to be read.
   *
   * @throws {SysError} EBADF when it is closed.
   */
  read(into: Uint8Array): Read {
    const read = this.sockets.recv(this.open, into);
    const isAll = typeof read === "number" && read < into.length;
    if (isAll) this.watcher?.blocked(this, READABLE);
    return this.told(read, READABLE);
  }

  /**
   * Writes as much as the kernel takes now; the rest is the caller's to keep.
   *
   * @throws {SysError} EBADF when it is closed.
   */
  write(bytes: Uint8Array): Written {
    return this.told(this.sockets.send(this.open, bytes), WRITABLE);
  }

  /** Finishes sending; reading goes on. */
  shutdown(): void {
    this.sockets.shutdown(this.open);
  }

  /** Small writes go at once. */
  setNoDelay(on: boolean): void {
    this.sockets.setNoDelay(this.open, on);
  }

  /** Where the other end is; undefined when the connection is gone. */
  peerAddress(): Address | undefined {
    return this.sockets.peerAddress(this.open);
  }

  /** After so many silent seconds the system asks whether the peer is there. */
  setKeepAlive(seconds: number): void {
    this.sockets.setKeepAlive(this.open, seconds);
  }

  /** How many bytes the kernel keeps for us in each direction; it rounds. */
  setBuffers(receive: number, send: number): void {
    this.sockets.setBuffers(this.open, receive, send);
  }

  /** Ends it at once: the peer sees a reset, and loses what was on its way. */
  reset(): void {
    if (this.closed) return;
    this.sockets.setResetOnClose(this.open);
    this.close();
  }
}
