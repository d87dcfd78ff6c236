// Sockets as Windows has them: Winsock, which is BSD's with other numbers and its own errors.
import { hostOf, ipv4Address, portOf } from "../address.ts";
import type { SysError } from "../ffi.ts";
import { WINSOCK, WSA } from "../layout-windows.ts";
import type { Accepted, Address, Read, Sockets, Written } from "../sockets.ts";
import { windowsError } from "./windows.ts";
import { type WinsockCalls, winsockCalls } from "./winsock-calls.ts";

/** The network, or the other side, has ended the connection ("Windows Sockets Error Codes"). */
const LOST: ReadonlySet<number> = new Set([
  WSA.ECONNRESET,
  WSA.ECONNABORTED,
  WSA.ESHUTDOWN,
  WSA.ENETDOWN,
  WSA.ENETUNREACH,
  WSA.ENETRESET,
  WSA.ETIMEDOUT,
  WSA.ECONNREFUSED,
  WSA.EHOSTUNREACH,
]);
const FULL: ReadonlySet<number> = new Set([WSA.EMFILE, WSA.ENOBUFS]);

/**
 * The calls of Windows. Its sockets are handles: numbers of 64 bits of which the upper half
 * is nothing ("Interprocess Communication Between 32-bit and 64-bit Applications").
 */
export class WinSockets implements Sockets {
  readonly #calls: WinsockCalls = winsockCalls();

  open(): number {
    const { AF_INET, SOCK_STREAM, IPPROTO_TCP } = WINSOCK;
    const flags = WINSOCK.WSA_FLAG_OVERLAPPED | WINSOCK.WSA_FLAG_NO_HANDLE_INHERIT;
    const socket = this.#calls.socket;
    const fd = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP, null, 0, flags);
    this.#check("open a socket", fd);
    this.#doNotWait(fd);
    return fd;
  }

  bind(fd: number, host: string, port: number): void {
    const { SOL_SOCKET, SO_EXCLUSIVEADDRUSE } = WINSOCK;
    // SO_REUSEADDR would let anybody take the port of a server that runs.
    this.#set("keep a port", fd, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, Int32Array.of(1));
    const address = ipv4Address(host, port, WINSOCK);
    const result = this.#calls.bind(fd, address, address.length);
    this.#check(`take ${host} port ${port}`, result);
  }

  listen(fd: number, backlog: number): void {
    this.#check("listen", this.#calls.listen(fd, backlog));
  }

  accept(fd: number): Accepted {
    for (;;) {
      const client = this.#calls.accept(fd, null, null);
      if (client !== -1) {
        this.#calls.keep(client, WINSOCK.HANDLE_FLAG_INHERIT, 0);
        this.#doNotWait(client);
        return client;
      }
      const error = this.#calls.lastError();
      if (error === WSA.EWOULDBLOCK) return "blocked";
      if (FULL.has(error)) return "full";
      // A client that is gone already: the next one, please.
      if (error !== WSA.ECONNRESET && error !== WSA.EINTR) {
        throw windowsError("accept", error);
      }
    }
  }

  connect(fd: number, host: string, port: number): "connected" | "connecting" {
    const address = ipv4Address(host, port, WINSOCK);
    if (this.#calls.connect(fd, address, address.length) === 0) return "connected";
    const error = this.#calls.lastError();
    if (error === WSA.EWOULDBLOCK) return "connecting";
    throw windowsError(`connect to ${host} port ${port}`, error);
  }

  recv(fd: number, into: Uint8Array): Read {
    const count = this.#calls.recv(fd, into, into.length, 0);
    if (count > 0) return count;
    if (count === 0) return into.length === 0 ? 0 : "end";
    const error = this.#calls.lastError();
    if (error === WSA.EWOULDBLOCK) return "blocked";
    if (LOST.has(error)) return "reset";
    throw windowsError("read from a socket", error);
  }

  send(fd: number, bytes: Uint8Array): Written {
    const count = this.#calls.send(fd, bytes, bytes.length, 0);
    if (count >= 0) return count;
    const error = this.#calls.lastError();
    if (error === WSA.EWOULDBLOCK) return "blocked";
    if (LOST.has(error)) return "reset";
    throw windowsError("write to a socket", error);
  }

  shutdown(fd: number): void {
    if (this.#calls.shutdown(fd, WINSOCK.SD_SEND) === 0) return;
    const error = this.#calls.lastError();
    if (error === WSA.ENOTCONN || LOST.has(error)) return;
    throw windowsError("finish sending", error);
  }

  takeError(fd: number): SysError | undefined {
    const { SOL_SOCKET, SO_ERROR } = WINSOCK;
    const value = new Int32Array(1);
    const size = Int32Array.of(4);
    const result = this.#calls.getsockopt(fd, SOL_SOCKET, SO_ERROR, value, size);
    this.#check("ask for a socket's error", result);
    const [error = 0] = value;
    return error === 0 ? undefined : windowsError("keep a connection", error);
  }

  localAddress(fd: number): Address {
    const address = Buffer.alloc(16);
    const result = this.#calls.getsockname(fd, address, Int32Array.of(16));
    this.#check("ask for a socket's address", result);
    return { host: hostOf(address), port: portOf(address) };
  }

  setNoDelay(fd: number, on: boolean): void {
    const { IPPROTO_TCP, TCP_NODELAY } = WINSOCK;
    this.#set("send at once", fd, IPPROTO_TCP, TCP_NODELAY, Int32Array.of(on ? 1 : 0));
  }

  setBuffers(fd: number, receive: number, send: number): void {
    const { SOL_SOCKET, SO_RCVBUF, SO_SNDBUF } = WINSOCK;
    this.#set("size a buffer", fd, SOL_SOCKET, SO_RCVBUF, Int32Array.of(receive));
    this.#set("size a buffer", fd, SOL_SOCKET, SO_SNDBUF, Int32Array.of(send));
  }

  setResetOnClose(fd: number): void {
    // struct linger has two numbers of 16 bits here: on, and for no time at all.
    const { SOL_SOCKET, SO_LINGER } = WINSOCK;
    this.#set("linger not", fd, SOL_SOCKET, SO_LINGER, Uint16Array.of(1, 0));
  }

  close(fd: number): void {
    this.#check("close a socket", this.#calls.close(fd));
  }

  #set(
    what: string,
    fd: number,
    level: number,
    name: number,
    value: ArrayBufferView,
  ): void {
    const result = this.#calls.setsockopt(fd, level, name, value, value.byteLength);
    if (result !== -1) return;
    const error = this.#calls.lastError();
    // A connection that is gone takes no wishes.
    if (!LOST.has(error)) throw windowsError(what, error);
  }

  #doNotWait(fd: number): void {
    const { FIONBIO } = WINSOCK;
    this.#check("set flags", this.#calls.ioctlsocket(fd, FIONBIO, Int32Array.of(1)));
  }

  #check(what: string, result: number): void {
    if (result === -1) throw windowsError(what, this.#calls.lastError());
  }
}
