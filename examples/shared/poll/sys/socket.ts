// Sockets as BSD made them in 1983 and all but Windows have them: socket(2) and its family.
import { constants } from "node:os";
import { hostOf, ipv4Address, portOf } from "../address.ts";
import { checked, errno, SysError } from "../ffi.ts";
import { type SocketLayout, socketLayout } from "../layout.ts";
import type { Accepted, Address, Read, Sockets, Written } from "../sockets.ts";
import { type SocketCalls, socketCalls } from "./socket-calls.ts";

const { EAGAIN, EWOULDBLOCK, EINTR, EINPROGRESS, ENOTCONN, EINVAL } = constants.errno;
const { ECONNABORTED, EPROTO, EMFILE, ENFILE, ENOBUFS, ENOMEM } = constants.errno;
/** The network, or the other side, has ended the connection: read(2), tcp(7), send(2). */
const LOST: ReadonlySet<number> = new Set([
  constants.errno.ECONNRESET,
  constants.errno.EPIPE,
  constants.errno.ETIMEDOUT,
  constants.errno.ECONNREFUSED,
  constants.errno.EHOSTUNREACH,
  constants.errno.ENETUNREACH,
  constants.errno.ENETDOWN,
  constants.errno.ENETRESET,
]);
/** Those that accept(2) says to pass over: they happened to a client that is gone. */
const PASSED: ReadonlySet<number> = new Set([
  EINTR,
  ECONNABORTED,
  EPROTO,
  constants.errno.ENETDOWN,
  constants.errno.ENOPROTOOPT,
  constants.errno.EHOSTUNREACH,
  constants.errno.EOPNOTSUPP,
  constants.errno.ENETUNREACH,
]);
const FULL: ReadonlySet<number> = new Set([EMFILE, ENFILE, ENOBUFS, ENOMEM]);

/** The calls of this system. Sockets that it opens do not wait, and are not inherited. */
export class BsdSockets implements Sockets {
  readonly #layout: SocketLayout;
  readonly #calls: SocketCalls;

  /** @throws {Error} Where there are no such sockets. */
  constructor() {
    this.#layout = socketLayout();
    this.#calls = socketCalls(this.#layout);
  }

  open(): number {
    const { AF_INET, SOCK_STREAM, SOCK_NONBLOCK = 0, SOCK_CLOEXEC = 0 } = this.#layout;
    const type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    const fd = checked("open a socket", this.#calls.socket(AF_INET, type, 0));
    if (SOCK_NONBLOCK === 0) this.#doNotWait(fd);
    this.#doNotSignal(fd);
    return fd;
  }

  bind(fd: number, host: string, port: number): void {
    const { SOL_SOCKET, SO_REUSEADDR } = this.#layout;
    // Without it the port of a server that has just ended stays taken (socket(7)).
    this.#set("reuse a port", fd, SOL_SOCKET, SO_REUSEADDR, 1);
    const address = ipv4Address(host, port, this.#layout);
    checked(`take ${host} port ${port}`, this.#calls.bind(fd, address, address.length));
  }

  listen(fd: number, backlog: number): void {
    checked("listen", this.#calls.listen(fd, backlog));
  }

  accept(fd: number): Accepted {
    const { SOCK_NONBLOCK = 0, SOCK_CLOEXEC = 0 } = this.#layout;
    for (;;) {
      const client = this.#calls.accept(fd, null, null, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (client !== -1) {
        if (SOCK_NONBLOCK === 0) this.#doNotWait(client);
        this.#doNotSignal(client);
        return client;
      }
      const error = errno();
      if (error === EAGAIN || error === EWOULDBLOCK) return "blocked";
      if (FULL.has(error)) return "full";
      if (!PASSED.has(error)) throw new SysError("accept", error);
    }
  }

  connect(fd: number, host: string, port: number): "connected" | "connecting" {
    const address = ipv4Address(host, port, this.#layout);
    if (this.#calls.connect(fd, address, address.length) === 0) return "connected";
    const error = errno();
    // After EINTR it goes on by itself, as after EINPROGRESS (connect(2)).
    if (error === EINPROGRESS || error === EINTR) return "connecting";
    throw new SysError(`connect to ${host} port ${port}`, error);
  }

  recv(fd: number, into: Uint8Array): Read {
    for (;;) {
      const count = this.#calls.recv(fd, into, into.length, 0);
      if (count > 0) return count;
      if (count === 0) return into.length === 0 ? 0 : "end";
      const error = errno();
      if (error === EAGAIN || error === EWOULDBLOCK) return "blocked";
      if (LOST.has(error)) return "reset";
      if (error !== EINTR) throw new SysError("read from a socket", error);
    }
  }

  send(fd: number, bytes: Uint8Array): Written {
    for (;;) {
      const { MSG_NOSIGNAL } = this.#layout;
      const count = this.#calls.send(fd, bytes, bytes.length, MSG_NOSIGNAL);
      if (count >= 0) return count;
      const error = errno();
      if (error === EAGAIN || error === EWOULDBLOCK) return "blocked";
      if (LOST.has(error)) return "reset";
      if (error !== EINTR) throw new SysError("write to a socket", error);
    }
  }

  shutdown(fd: number): void {
    if (this.#calls.shutdown(fd, this.#layout.SHUT_WR) === 0) return;
    const error = errno();
    // BSD says EINVAL for a connection that is gone already.
    if (error === ENOTCONN || error === EINVAL || LOST.has(error)) return;
    throw new SysError("finish sending", error);
  }

  takeError(fd: number): SysError | undefined {
    const { SOL_SOCKET, SO_ERROR } = this.#layout;
    const value = new Int32Array(1);
    const size = Uint32Array.of(4);
    const result = this.#calls.getsockopt(fd, SOL_SOCKET, SO_ERROR, value, size);
    checked("ask for a socket's error", result);
    const [error = 0] = value;
    return error === 0 ? undefined : new SysError("keep a connection", error);
  }

  localAddress(fd: number): Address {
    const address = Buffer.alloc(16);
    const result = this.#calls.getsockname(fd, address, Uint32Array.of(16));
    checked("ask for a socket's address", result);
    return { host: hostOf(address), port: portOf(address) };
  }

  setNoDelay(fd: number, on: boolean): void {
    const { IPPROTO_TCP, TCP_NODELAY } = this.#layout;
    this.#set("send at once", fd, IPPROTO_TCP, TCP_NODELAY, on ? 1 : 0);
  }

  setBuffers(fd: number, receive: number, send: number): void {
    const { SOL_SOCKET, SO_RCVBUF, SO_SNDBUF } = this.#layout;
    this.#set("size a buffer", fd, SOL_SOCKET, SO_RCVBUF, receive);
    this.#set("size a buffer", fd, SOL_SOCKET, SO_SNDBUF, send);
  }

  setResetOnClose(fd: number): void {
    // struct linger { int on, seconds }: to linger for no time at all is to reset.
    const { SOL_SOCKET, SO_LINGER } = this.#layout;
    const linger = Int32Array.of(1, 0);
    const result = this.#calls.setsockopt(fd, SOL_SOCKET, SO_LINGER, linger, 8);
    checked("linger not", result);
  }

  close(fd: number): void {
    // After EINTR the descriptor is free already, and perhaps somebody else's (close(2)).
    if (this.#calls.close(fd) === -1 && errno() !== EINTR) checked("close a socket", -1);
  }

  /** @throws {SysError} Unless it is a connection that is gone, which BSD calls EINVAL. */
  #set(what: string, fd: number, level: number, name: number, value: number): void {
    const result = this.#calls.setsockopt(fd, level, name, Int32Array.of(value), 4);
    if (result === -1 && errno() !== EINVAL) checked(what, result);
  }

  /** Its calls then return at once, with EAGAIN where they would have waited. */
  #doNotWait(fd: number): void {
    const { F_GETFL, F_SETFL, F_SETFD, FD_CLOEXEC, O_NONBLOCK } = this.#layout;
    const flags = checked("ask for flags", this.#calls.fcntl(fd, F_GETFL));
    checked("set flags", this.#calls.fcntl(fd, F_SETFL, "int", flags | O_NONBLOCK));
    checked("set flags", this.#calls.fcntl(fd, F_SETFD, "int", FD_CLOEXEC));
  }

  #doNotSignal(fd: number): void {
    const { SOL_SOCKET, SO_NOSIGPIPE } = this.#layout;
    if (SO_NOSIGPIPE) this.#set("survive a write", fd, SOL_SOCKET, SO_NOSIGPIPE, 1);
  }
}
