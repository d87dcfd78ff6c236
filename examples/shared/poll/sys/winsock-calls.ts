// The functions of Winsock, as <winsock2.h> declares them.
import { type CFunction, library } from "../ffi.ts";
import { WINSOCK } from "./layout-windows.ts";
import { windowsError } from "./windows.ts";

export type WinsockCalls = Record<
  | "socket"
  | "bind"
  | "listen"
  | "accept"
  | "connect"
  | "recv"
  | "send"
  | "shutdown"
  | "getsockopt"
  | "setsockopt"
  | "getsockname"
  | "getpeername"
  | "ioctlsocket"
  | "keep"
  | "close"
  | "lastError",
  CFunction
>;

/** @throws {SysError} When Winsock does not start. @throws {Error} On other systems. */
export function winsockCalls(): WinsockCalls {
  const { fn } = library("ws2_32.dll");
  // Windows counts starts: each needs a cleanup, and the end of the process is one.
  const start = fn("int WSAStartup(uint16_t version, void *data)");
  const failed = start(WINSOCK.version, new Uint8Array(WINSOCK.dataSize));
  if (failed !== 0) throw windowsError("start Winsock", failed);
  return {
    socket: fn(
      "intptr_t WSASocketW(int family, int type, int protocol, void *, uint32_t, uint32_t flags)",
    ),
    bind: fn("int bind(intptr_t socket, void *address, int length)"),
    listen: fn("int listen(intptr_t socket, int backlog)"),
    accept: fn("intptr_t accept(intptr_t socket, void *address, void *length)"),
    connect: fn("int connect(intptr_t socket, void *address, int length)"),
    recv: fn("int recv(intptr_t socket, void *into, int size, int flags)"),
    send: fn("int send(intptr_t socket, void *bytes, int size, int flags)"),
    shutdown: fn("int shutdown(intptr_t socket, int how)"),
    getsockopt: fn("int getsockopt(intptr_t socket, int, int, void *value, void *size)"),
    setsockopt: fn("int setsockopt(intptr_t socket, int, int, void *value, int size)"),
    getsockname: fn("int getsockname(intptr_t socket, void *address, void *length)"),
    getpeername: fn("int getpeername(intptr_t socket, void *address, void *length)"),
    ioctlsocket: fn("int ioctlsocket(intptr_t socket, int32_t command, void *value)"),
    close: fn("int closesocket(intptr_t socket)"),
    lastError: fn("int WSAGetLastError()"),
    keep: library("kernel32.dll").fn(
      "int SetHandleInformation(intptr_t handle, uint32_t mask, uint32_t flags)",
    ),
  };
}
