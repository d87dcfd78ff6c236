// BSD sockets, from 1983, which every system but Windows has: socket(2) and its family.
import { isIPv6 } from "node:net";
import { constants } from "node:os";
import { ADDRESS_SIZE, addressIn, socketAddress } from "../address.ts";
import {
  afterAccept,
  afterClose,
  afterControl,
  afterTransfer,
  TRIES,
} from "../errors.ts";
import { SysError } from "../ffi.ts";
import type { Accepted, Address, Read, Sockets, Written } from "../sockets.ts";
import { type SocketLayout, socketLayout } from "./layout.ts";
import { type SocketCalls, socketCalls } from "./socket-calls.ts";

const { EINTR, EINPROGRESS, ENOPROTOOPT } = constants.errno;

/** The calls of this system. Its sockets are non-blocking, and not inherited. */
export class BsdSockets implements Sockets {
  readonly #layout: SocketLayout;
  readonly #calls: SocketCalls;

  /**
   * @param calls Replaced in tests, to make some calls fail.
   * @throws {Error} Where there are no such sockets.
   */
  constructor(calls?: SocketCalls) {
    this.#layout = socketLayout();
    this.#calls = calls ?? socketCalls(this.#layout);
  }

  open(host = "0.0.0.0"): number {
    const { SOCK_STREAM, SOCK_NONBLOCK = 0, SOCK_CLOEXEC = 0 } = this.#layout;
    const family = isIPv6(host) ? this.#layout.AF_INET6 : this.#layout.AF_INET;
    const type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    const fd = this.#checked("open a socket", this.#calls.socket(family, type, 0));
    if (!SOCK_NONBLOCK) this.#setNonBlocking(fd);
    this.#disableSigpipe(fd);
    return fd;
  }

  bind(fd: number, host: string, port: number): void {
    const { SOL_SOCKET, SO_REUSEADDR } = this.#layout;
    // Without it, the port of a server that has just ended stays in use (socket(7)).
    const on = Int32Array.of(1);
    const set = this.#calls.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, on, 4);
    this.#checked("reuse a port", set);
    if (isIPv6(host)) this.#setDualStack(fd);
    const address = socketAddress(host, port, this.#layout);
    const bound = this.#calls.bind(fd, address, address.length);
    this.#checked(`take ${host} port ${port}`, bound);
  }

  setReusePort(fd: number): void {
    const { SOL_SOCKET, SO_REUSEPORT } = this.#layout;
    const what = "share a port";
    if (SO_REUSEPORT === undefined) throw new SysError(what, ENOPROTOOPT);
    const on = Int32Array.of(1);
    this.#checked(what, this.#calls.setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, on, 4));
  }

  listen(fd: number, backlog: number): void {
    this.#checked("listen", this.#calls.listen(fd, backlog));
  }

  accept(fd: number): Accepted {
    const { SOCK_NONBLOCK = 0, SOCK_CLOEXEC = 0 } = this.#layout;
    for (let time = 0; time < TRIES; time += 1) {
      const client = this.#calls.accept(fd, null, null, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (client !== -1) {
        if (this.#isPrepared(client)) return client;
        continue;
      }
      const answer = afterAccept(this.#calls.lastError());
      if (answer !== "again") return answer;
    }
    return "full";
  }

  connect(fd: number, host: string, port: number): "connected" | "connecting" {
    const address = socketAddress(host, port, this.#layout);
    if (this.#calls.connect(fd, address, address.length) === 0) return "connected";
    const error = this.#calls.lastError();
    // After EINTR the attempt continues by itself, as after EINPROGRESS (connect(2)).
    if (error === EINPROGRESS || error === EINTR) return "connecting";
    throw new SysError(`connect to ${host} port ${port}`, error);
  }

  recv(fd: number, into: Uint8Array): Read {
    for (let time = 0; time < TRIES; time += 1) {
      const count = this.#calls.recv(fd, into, into.length, 0);
      if (count > 0) return count;
      if (count === 0) return into.length === 0 ? 0 : "end";
      const answer = afterTransfer("read from a socket", this.#calls.lastError());
      if (answer !== "again") return answer;
    }
    return "reset";
  }

  send(fd: number, bytes: Uint8Array): Written {
    const { MSG_NOSIGNAL } = this.#layout;
    for (let time = 0; time < TRIES; time += 1) {
      const count = this.#calls.send(fd, bytes, bytes.length, MSG_NOSIGNAL);
      if (count >= 0) return count;
      const answer = afterTransfer("write to a socket", this.#calls.lastError());
      if (answer !== "again") return answer;
    }
    return "reset";
  }

  shutdown(fd: number): void {
    this.#checkControl("finish sending", this.#calls.shutdown(fd, this.#layout.SHUT_WR));
  }

  takeError(fd: number): SysError | undefined {
    const { SOL_SOCKET, SO_ERROR } = this.#layout;
    const value = new Int32Array(1);
    const size = Uint32Array.of(4);
    const result = this.#calls.getsockopt(fd, SOL_SOCKET, SO_ERROR, value, size);
    const what = "ask for a socket's error";
    // If it cannot even be asked, the connection has failed, too.
    const error = result === -1 ? this.#calls.lastError() : (value[0] ?? 0);
    if (result === -1) afterControl(what, error);
    return error === 0 ? undefined : new SysError("use the connection", error);
  }

  localAddress(fd: number): Address {
    const address = Buffer.alloc(ADDRESS_SIZE);
    const size = Uint32Array.of(ADDRESS_SIZE);
    const result = this.#calls.getsockname(fd, address, size);
    this.#checked("ask for a socket's address", result);
    return addressIn(address, size[0]);
  }

  peerAddress(fd: number): Address | undefined {
    const address = Buffer.alloc(ADDRESS_SIZE);
    const size = Uint32Array.of(ADDRESS_SIZE);
    const result = this.#calls.getpeername(fd, address, size);
    // A lost connection has no peer (getpeername(2), ENOTCONN).
    return result === 0 ? addressIn(address, size[0]) : undefined;
  }

  setKeepAlive(fd: number, seconds: number): void {
    const { SOL_SOCKET, SO_KEEPALIVE, IPPROTO_TCP, TCP_KEEPIDLE } = this.#layout;
    this.#set("keep a connection alive", fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    this.#set("keep a connection alive", fd, IPPROTO_TCP, TCP_KEEPIDLE, seconds);
  }

  setNoDelay(fd: number, on: boolean): void {
    const { IPPROTO_TCP, TCP_NODELAY } = this.#layout;
    this.#set("send at once", fd, IPPROTO_TCP, TCP_NODELAY, on ? 1 : 0);
  }

  setUnsentLimit(fd: number, bytes: number): void {
    const { IPPROTO_TCP, TCP_NOTSENT_LOWAT } = this.#layout;
    if (TCP_NOTSENT_LOWAT === undefined) return;
    this.#set("limit unsent bytes", fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, bytes);
  }

  setBuffers(fd: number, receive: number, send: number): void {
    const { SOL_SOCKET, SO_RCVBUF, SO_SNDBUF } = this.#layout;
    this.#set("size a buffer", fd, SOL_SOCKET, SO_RCVBUF, receive);
    this.#set("size a buffer", fd, SOL_SOCKET, SO_SNDBUF, send);
  }

  setResetOnClose(fd: number): void {
    // struct linger { int on, seconds }: lingering for 0 seconds means a reset.
    const { SOL_SOCKET, SO_LINGER } = this.#layout;
    const linger = Int32Array.of(1, 0);
    this.#checkControl(
      "reset a connection",
      this.#calls.setsockopt(fd, SOL_SOCKET, SO_LINGER, linger, 8),
    );
  }

  close(fd: number): void {
    if (this.#calls.close(fd) === -1) afterClose(this.#calls.lastError());
  }

  #set(what: string, fd: number, level: number, name: number, value: number): void {
    const number = Int32Array.of(value);
    this.#checkControl(what, this.#calls.setsockopt(fd, level, name, number, 4));
  }

  /** Makes a listener on `::` accept IPv4 clients, too: the default differs by system. */
  #setDualStack(fd: number): void {
    const { IPPROTO_IPV6, IPV6_V6ONLY } = this.#layout;
    this.#set("listen on IPv4, too", fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  }

  /** Checks a call on a connection that may be lost. */
  #checkControl(what: string, result: number): void {
    if (result === -1) afterControl(what, this.#calls.lastError());
  }

  #checked(what: string, result: number): number {
    if (result === -1) throw new SysError(what, this.#calls.lastError());
    return result;
  }

  /** Sets a client's flags. If it has already disconnected, closes it and returns false. */
  #isPrepared(client: number): boolean {
    try {
      if (!this.#layout.SOCK_NONBLOCK) this.#setNonBlocking(client);
      this.#disableSigpipe(client);
      return true;
    } catch {
      this.#calls.close(client);
      return false;
    }
  }

  /** Makes it non-blocking (EAGAIN instead of blocking) and close-on-exec. */
  #setNonBlocking(fd: number): void {
    const { F_GETFL, F_SETFL, F_SETFD, FD_CLOEXEC, O_NONBLOCK } = this.#layout;
    const { fcntl } = this.#calls;
    const flags = this.#checked("ask for flags", fcntl(fd, F_GETFL));
    this.#checked("set flags", fcntl(fd, F_SETFL, "int", flags | O_NONBLOCK));
    this.#checked("set flags", fcntl(fd, F_SETFD, "int", FD_CLOEXEC));
  }

  #disableSigpipe(fd: number): void {
    const { SOL_SOCKET, SO_NOSIGPIPE } = this.#layout;
    if (SO_NOSIGPIPE) this.#set("disable SIGPIPE", fd, SOL_SOCKET, SO_NOSIGPIPE, 1);
  }
}
