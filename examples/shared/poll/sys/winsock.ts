// Winsock, the sockets of Windows: BSD sockets with different constants and errors.
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
import { WINSOCK, WSA } from "./layout-windows.ts";
import { posixError, windowsError } from "./windows.ts";
import { type WinsockCalls, winsockCalls } from "./winsock-calls.ts";

/**
 * The calls of Windows. Its sockets are handles: 64-bit numbers whose upper half is unused
 * ("Interprocess Communication Between 32-bit and 64-bit Applications").
 */
export class WinSockets implements Sockets {
  readonly #calls: WinsockCalls;

  /** @param calls Replaced in tests, to make some calls fail. */
  constructor(calls: WinsockCalls = winsockCalls()) {
    this.#calls = calls;
  }

  open(host = "0.0.0.0"): number {
    const { SOCK_STREAM, IPPROTO_TCP } = WINSOCK;
    const family = isIPv6(host) ? WINSOCK.AF_INET6 : WINSOCK.AF_INET;
    const flags = WINSOCK.WSA_FLAG_OVERLAPPED | WINSOCK.WSA_FLAG_NO_HANDLE_INHERIT;
    const socket = this.#calls.socket;
    const fd = socket(family, SOCK_STREAM, IPPROTO_TCP, null, 0, flags);
    this.#check("open a socket", fd);
    this.#setNonBlocking(fd);
    return fd;
  }

  bind(fd: number, host: string, port: number): void {
    const { SOL_SOCKET, SO_EXCLUSIVEADDRUSE } = WINSOCK;
    // SO_REUSEADDR would let any process take the port of a running server.
    const on = Int32Array.of(1);
    const set = this.#calls.setsockopt(fd, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, on, 4);
    this.#check("reserve a port", set);
    const { IPPROTO_IPV6, IPV6_V6ONLY } = WINSOCK;
    if (isIPv6(host))
      this.#set("listen on IPv4, too", fd, IPPROTO_IPV6, IPV6_V6ONLY, Int32Array.of(0));
    const address = socketAddress(host, port, WINSOCK);
    const result = this.#calls.bind(fd, address, address.length);
    this.#check(`take ${host} port ${port}`, result);
  }

  setReusePort(): void {
    throw new SysError("share a port", constants.errno.ENOPROTOOPT);
  }

  listen(fd: number, backlog: number): void {
    this.#check("listen", this.#calls.listen(fd, backlog));
  }

  accept(fd: number): Accepted {
    for (let time = 0; time < TRIES; time += 1) {
      const client = this.#calls.accept(fd, null, null);
      if (client !== -1) {
        this.#calls.keep(client, WINSOCK.HANDLE_FLAG_INHERIT, 0);
        if (this.#isPrepared(client)) return client;
        continue;
      }
      const answer = afterAccept(this.#error());
      if (answer !== "again") return answer;
    }
    return "full";
  }

  connect(fd: number, host: string, port: number): "connected" | "connecting" {
    const address = socketAddress(host, port, WINSOCK);
    if (this.#calls.connect(fd, address, address.length) === 0) return "connected";
    const error = this.#calls.lastError();
    if (error === WSA.EWOULDBLOCK) return "connecting";
    throw windowsError(`connect to ${host} port ${port}`, error);
  }

  recv(fd: number, into: Uint8Array): Read {
    for (let time = 0; time < TRIES; time += 1) {
      const count = this.#calls.recv(fd, into, into.length, 0);
      if (count > 0) return count;
      if (count === 0) return into.length === 0 ? 0 : "end";
      const answer = afterTransfer("read from a socket", this.#error());
      if (answer !== "again") return answer;
    }
    return "reset";
  }

  send(fd: number, bytes: Uint8Array): Written {
    for (let time = 0; time < TRIES; time += 1) {
      const count = this.#calls.send(fd, bytes, bytes.length, 0);
      if (count >= 0) return count;
      const answer = afterTransfer("write to a socket", this.#error());
      if (answer !== "again") return answer;
    }
    return "reset";
  }

  shutdown(fd: number): void {
    this.#checkControl("finish sending", this.#calls.shutdown(fd, WINSOCK.SD_SEND));
  }

  takeError(fd: number): SysError | undefined {
    const { SOL_SOCKET, SO_ERROR } = WINSOCK;
    const value = new Int32Array(1);
    const size = Int32Array.of(4);
    const result = this.#calls.getsockopt(fd, SOL_SOCKET, SO_ERROR, value, size);
    // If it cannot even be asked, the connection has failed, too.
    const error = result === -1 ? this.#calls.lastError() : (value[0] ?? 0);
    if (result === -1) afterControl("ask for a socket's error", posixError(error));
    return error === 0 ? undefined : windowsError("use the connection", error);
  }

  localAddress(fd: number): Address {
    const address = Buffer.alloc(ADDRESS_SIZE);
    const size = Int32Array.of(ADDRESS_SIZE);
    const result = this.#calls.getsockname(fd, address, size);
    this.#check("ask for a socket's address", result);
    return addressIn(address, size[0]);
  }

  peerAddress(fd: number): Address | undefined {
    const address = Buffer.alloc(ADDRESS_SIZE);
    const size = Int32Array.of(ADDRESS_SIZE);
    const result = this.#calls.getpeername(fd, address, size);
    // A lost connection has no peer (getpeername(2), ENOTCONN).
    return result === 0 ? addressIn(address, size[0]) : undefined;
  }

  setKeepAlive(fd: number, seconds: number): void {
    const { SOL_SOCKET, SO_KEEPALIVE, IPPROTO_TCP, TCP_KEEPIDLE } = WINSOCK;
    this.#set("keep a connection alive", fd, SOL_SOCKET, SO_KEEPALIVE, Int32Array.of(1));
    this.#set(
      "keep a connection alive",
      fd,
      IPPROTO_TCP,
      TCP_KEEPIDLE,
      Int32Array.of(seconds),
    );
  }

  setNoDelay(fd: number, on: boolean): void {
    const { IPPROTO_TCP, TCP_NODELAY } = WINSOCK;
    this.#set("send at once", fd, IPPROTO_TCP, TCP_NODELAY, Int32Array.of(on ? 1 : 0));
  }

  setUnsentLimit(): void {}

  setBuffers(fd: number, receive: number, send: number): void {
    const { SOL_SOCKET, SO_RCVBUF, SO_SNDBUF } = WINSOCK;
    this.#set("size a buffer", fd, SOL_SOCKET, SO_RCVBUF, Int32Array.of(receive));
    this.#set("size a buffer", fd, SOL_SOCKET, SO_SNDBUF, Int32Array.of(send));
  }

  setResetOnClose(fd: number): void {
    // struct linger has two 16-bit numbers here: on, and 0 seconds.
    const { SOL_SOCKET, SO_LINGER } = WINSOCK;
    this.#set("reset a connection", fd, SOL_SOCKET, SO_LINGER, Uint16Array.of(1, 0));
  }

  close(fd: number): void {
    if (this.#calls.close(fd) === -1) afterClose(this.#error());
  }

  #set(
    what: string,
    fd: number,
    level: number,
    name: number,
    value: ArrayBufferView,
  ): void {
    const result = this.#calls.setsockopt(fd, level, name, value, value.byteLength);
    this.#checkControl(what, result);
  }

  /** Checks a call on a connection that may be lost. */
  #checkControl(what: string, result: number): void {
    if (result === -1) afterControl(what, this.#error());
  }

  #error(): number {
    return posixError(this.#calls.lastError());
  }

  /** Sets a client's flags. If it has already disconnected, closes it and returns false. */
  #isPrepared(client: number): boolean {
    try {
      this.#setNonBlocking(client);
      return true;
    } catch {
      this.#calls.close(client);
      return false;
    }
  }

  #setNonBlocking(fd: number): void {
    const { FIONBIO } = WINSOCK;
    this.#check("set flags", this.#calls.ioctlsocket(fd, FIONBIO, Int32Array.of(1)));
  }

  #check(what: string, result: number): void {
    if (result === -1) throw windowsError(what, this.#calls.lastError());
  }
}
