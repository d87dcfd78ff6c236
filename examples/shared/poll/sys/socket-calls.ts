// The C library's functions for sockets, as POSIX declares them in <sys/socket.h>.
import { type CFunction, errno, library } from "../ffi.ts";
import type { SocketLayout } from "./layout.ts";

export type SocketCalls = Record<
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
  | "fcntl"
  | "close"
  | "lastError",
  CFunction
>;

/**
 * `accept` is accept4 where that exists; elsewhere it ignores its flags.
 *
 * @throws {Error} Where the C library lacks one of them.
 */
export function socketCalls({ SOCK_NONBLOCK }: SocketLayout): SocketCalls {
  const { fn } = library();
  const accept4 = "int accept4(int fd, void *address, void *length, int flags)";
  const accept = fn(SOCK_NONBLOCK ? accept4 : "int accept(int fd, void *, void *)");
  return {
    socket: fn("int socket(int domain, int type, int protocol)"),
    bind: fn("int bind(int fd, void *address, uint32_t length)"),
    listen: fn("int listen(int fd, int backlog)"),
    accept: SOCK_NONBLOCK ? accept : (fd, address, length) => accept(fd, address, length),
    connect: fn("int connect(int fd, void *address, uint32_t length)"),
    recv: fn("intptr_t recv(int fd, void *into, size_t size, int flags)"),
    send: fn("intptr_t send(int fd, void *bytes, size_t size, int flags)"),
    shutdown: fn("int shutdown(int fd, int how)"),
    getsockopt: fn("int getsockopt(int fd, int, int, void *value, void *size)"),
    setsockopt: fn("int setsockopt(int fd, int, int, void *value, uint32_t size)"),
    getsockname: fn("int getsockname(int fd, void *address, void *length)"),
    getpeername: fn("int getpeername(int fd, void *address, void *length)"),
    fcntl: fn("int fcntl(int fd, int command, ...)"),
    close: fn("int close(int fd)"),
    lastError: errno,
  };
}
