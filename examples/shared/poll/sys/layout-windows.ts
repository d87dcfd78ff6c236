// Windows: the constants, and the offsets of struct fields. The same on x64 and arm64.
//
// Sources: Windows SDK, <winsock2.h>, <mswsock.h>, <minwinbase.h>, <winerror.h>,
// <ntstatus.h>; for AFD, the driver below Winsock, which has no public header: wepoll,
// src/afd.h, and Wine, wine/afd.h.

/** The constants of Winsock, which resembles BSD sockets. */
export const WINSOCK = {
  AF_INET: 2,
  AF_INET6: 23,
  IPPROTO_IPV6: 41,
  IPV6_V6ONLY: 27,
  SOCK_STREAM: 1,
  IPPROTO_TCP: 6,
  TCP_NODELAY: 1,
  SO_KEEPALIVE: 8,
  TCP_KEEPIDLE: 3,
  SOL_SOCKET: 0xffff,
  /** Exclusive use of our port. One with lingering connections can be reused anyway. */
  SO_EXCLUSIVEADDRUSE: ~4,
  SO_LINGER: 0x80,
  SO_SNDBUF: 0x1001,
  SO_RCVBUF: 0x1002,
  SO_ERROR: 0x1007,
  SO_TYPE: 0x1008,
  /** Gives a socket from AcceptEx the properties of its listener. */
  SO_UPDATE_ACCEPT_CONTEXT: 0x700b,
  SD_SEND: 1,
  FIONBIO: 0x8004667e | 0,
  /** The base socket, below all layers that other software has added. */
  SIO_BASE_HANDLE: 0x48000022,
  WSA_FLAG_OVERLAPPED: 1,
  WSA_FLAG_NO_HANDLE_INHERIT: 0x80,
  HANDLE_FLAG_INHERIT: 1,
  /** As in `ipv4Address`: a sockaddr begins with the family. */
  addressHasLength: false,
  /** `WSADATA`, which WSAStartup fills, has 408 bytes. */
  dataSize: 408,
  version: 0x0202,
} as const;

/** Errors of Winsock (10,000 and above) and of the system that we must tell apart. */
export const WSA = {
  ERROR_IO_PENDING: 997,
  WAIT_TIMEOUT: 258,
  EINTR: 10004,
  EINVAL: 10022,
  EMFILE: 10024,
  EWOULDBLOCK: 10035,
  ENOTSOCK: 10038,
  ENETDOWN: 10050,
  ENETUNREACH: 10051,
  ENETRESET: 10052,
  ECONNABORTED: 10053,
  ECONNRESET: 10054,
  ENOBUFS: 10055,
  ENOTCONN: 10057,
  ESHUTDOWN: 10058,
  ETIMEDOUT: 10060,
  ECONNREFUSED: 10061,
  EHOSTUNREACH: 10065,
} as const;

/** The POSIX names of Windows errors. */
export const POSIX_NAMES: Readonly<Record<number, string>> = {
  5: "EACCES",
  6: "EBADF",
  8: "ENOMEM",
  14: "ENOMEM",
  // "An unexpected network error": AcceptEx ends with it when its client has disconnected.
  59: "ECONNABORTED",
  64: "ECONNRESET",
  87: "EINVAL",
  121: "ETIMEDOUT",
  995: "ECANCELED",
  1225: "ECONNREFUSED",
  1231: "ENETUNREACH",
  1232: "EHOSTUNREACH",
  1236: "ECONNABORTED",
  1450: "ENOBUFS",
  10004: "EINTR",
  10009: "EBADF",
  10013: "EACCES",
  10014: "EFAULT",
  10022: "EINVAL",
  10024: "EMFILE",
  10035: "EAGAIN",
  // "Not a socket": the error for a handle that was closed.
  10038: "EBADF",
  10048: "EADDRINUSE",
  10049: "EADDRNOTAVAIL",
  10050: "ENETDOWN",
  10051: "ENETUNREACH",
  10052: "ENETRESET",
  10053: "ECONNABORTED",
  10054: "ECONNRESET",
  10055: "ENOBUFS",
  10056: "EISCONN",
  10057: "ENOTCONN",
  10058: "EPIPE",
  10060: "ETIMEDOUT",
  10061: "ECONNREFUSED",
  10065: "EHOSTUNREACH",
};

/** The kernel's own codes for how a request ended: 32 bits, signed here. */
export const STATUS = {
  SUCCESS: 0,
  PENDING: 0x103,
  CANCELLED: 0xc0000120 | 0,
} as const;

/**
 * An entry of a completion port, `OVERLAPPED_ENTRY`, 32 bytes; in 32-bit words:
 *
 * ```text
 *   word   0 1   2 3          4 5      6       7
 *          key   overlapped   status   bytes   padding
 * ```
 */
export const ENTRY = { words: 8, key: 0, overlapped: 2, status: 4, bytes: 6 } as const;

/**
 * An IOCP request, in one block of our memory; in bytes:
 *
 * ```text
 *   byte   0 … 31       32       40       48 … 111                     112
 *          OVERLAPPED   WSABUF            for AcceptEx: two addresses   for WSARecv: flags
 *                       length   pointer
 * ```
 */
export const REQUEST = {
  size: 128,
  bufferLength: 32,
  bufferPointer: 40,
  addresses: 48,
  /** An address and 16 more bytes, as AcceptEx requires. */
  addressSize: 32,
  flags: 112,
} as const;

/** AFD's poll request, which `WSAPoll` and `select` use internally. */
export const AFD = {
  IOCTL_POLL: 0x00012024,
  RECEIVE: 0x001,
  SEND: 0x004,
  /** The peer has finished sending. */
  DISCONNECT: 0x008,
  /** The connection was reset. */
  ABORT: 0x010,
  /** The socket was closed here. */
  LOCAL_CLOSE: 0x020,
  ACCEPT: 0x080,
  CONNECT_FAIL: 0x100,
  SYNCHRONIZE: 0x00100000,
  FILE_SHARE_READ_WRITE: 3,
  FILE_OPEN: 1,
  /** A completion need not also set the device's event. */
  FILE_SKIP_SET_EVENT_ON_HANDLE: 2,
} as const;

/**
 * A request to poll one socket: `IO_STATUS_BLOCK` and `AFD_POLL_INFO` in one block; in
 * 32-bit words:
 *
 * ```text
 *   word   0 1      2 3    4 5       6       7           8 9      10       11
 *          status   size   timeout   count   exclusive   socket   events   status
 * ```
 */
export const AFD_POLL = {
  words: 16,
  status: 0,
  info: 4,
  infoBytes: 32,
  timeout: 4,
  count: 6,
  exclusive: 7,
  socket: 8,
  events: 10,
} as const;

/**
 * A name for NtCreateFile; in bytes:
 *
 * ```text
 *   OBJECT_ATTRIBUTES   0 length   8 root   16 name ─┐   24 attributes   32, 40 security
 *   UNICODE_STRING      48 length (u16)   50 room (u16)   56 text ─┐
 *   text                64 … in UTF-16
 * ```
 */
export const OBJECT_NAME = {
  attributesSize: 48,
  name: 16,
  string: 48,
  text: 56,
  characters: 64,
} as const;
