// What the C headers of each system define: the values of constants, and the offsets of
// struct fields. A C program gets these from #include; we have to look them up.
//
// Sources: Linux, include/uapi/asm-generic/{fcntl,socket}.h, include/linux/socket.h; macOS, <sys/socket.h>,
// <fcntl.h>; FreeBSD, sys/sys/socket.h, sys/sys/fcntl.h; POSIX.1-2024, <sys/socket.h>.

/** The socket interface of a system that descends from BSD, as all of these do. */
export interface SocketLayout {
  readonly AF_INET: number;
  readonly AF_INET6: number;
  readonly IPPROTO_IPV6: number;
  readonly IPV6_V6ONLY: number;
  readonly SOCK_STREAM: number;
  readonly SOL_SOCKET: number;
  readonly SO_REUSEADDR: number;
  /**
   * Several sockets may listen on a port, and the kernel spreads the clients over them;
   * undefined where it does not. (macOS has SO_REUSEPORT, but the last listener gets all.)
   */
  readonly SO_REUSEPORT: number | undefined;
  readonly SO_ERROR: number;
  readonly SO_LINGER: number;
  readonly SO_SNDBUF: number;
  readonly SO_RCVBUF: number;
  /** Per socket: no SIGPIPE for writes to a closed connection; undefined if unsupported. */
  readonly SO_NOSIGPIPE: number | undefined;
  /** The same per call; 0 where there is only SO_NOSIGPIPE. */
  readonly MSG_NOSIGNAL: number;
  /** For `socket` and `accept4`; undefined where they do not support it. */
  readonly SOCK_NONBLOCK: number | undefined;
  readonly SOCK_CLOEXEC: number | undefined;
  readonly IPPROTO_TCP: number;
  readonly TCP_NODELAY: number;
  /** How many unsent bytes the kernel takes; undefined where it takes a whole buffer. */
  readonly TCP_NOTSENT_LOWAT: number | undefined;
  readonly SO_KEEPALIVE: number;
  /** How long a peer is silent before the first probe; TCP_KEEPALIVE on macOS. */
  readonly TCP_KEEPIDLE: number;
  readonly SHUT_WR: number;
  readonly F_GETFD: number;
  readonly F_SETFD: number;
  readonly FD_CLOEXEC: number;
  readonly F_GETFL: number;
  readonly F_SETFL: number;
  readonly O_RDONLY: number;
  readonly O_NONBLOCK: number;
  readonly O_CLOEXEC: number;
  readonly SEEK_SET: number;
  readonly SEEK_END: number;
  /** `struct sockaddr` begins with its own length (BSD), or with the family (Linux). */
  readonly addressHasLength: boolean;
}

const SHARED = {
  AF_INET: 2,
  SOCK_STREAM: 1,
  IPPROTO_TCP: 6,
  IPPROTO_IPV6: 41,
  TCP_NODELAY: 1,
  SHUT_WR: 1,
  F_GETFD: 1,
  F_SETFD: 2,
  FD_CLOEXEC: 1,
  F_GETFL: 3,
  F_SETFL: 4,
  O_RDONLY: 0,
  SEEK_SET: 0,
  SEEK_END: 2,
} as const;

const BSD = {
  ...SHARED,
  IPV6_V6ONLY: 27,
  SOL_SOCKET: 0xffff,
  SO_REUSEADDR: 4,
  SO_ERROR: 0x1007,
  SO_LINGER: 0x80,
  SO_SNDBUF: 0x1001,
  SO_RCVBUF: 0x1002,
  SO_KEEPALIVE: 8,
  O_NONBLOCK: 4,
  addressHasLength: true,
} as const;

const SOCKETS: Readonly<Record<string, SocketLayout>> = {
  linux: {
    ...SHARED,
    AF_INET6: 10,
    IPV6_V6ONLY: 26,
    SOL_SOCKET: 1,
    SO_REUSEADDR: 2,
    SO_REUSEPORT: 15,
    SO_ERROR: 4,
    SO_LINGER: 13,
    SO_SNDBUF: 7,
    SO_RCVBUF: 8,
    SO_KEEPALIVE: 9,
    TCP_KEEPIDLE: 4,
    TCP_NOTSENT_LOWAT: 25,
    SO_NOSIGPIPE: undefined,
    MSG_NOSIGNAL: 0x4000,
    SOCK_NONBLOCK: 0o4000,
    SOCK_CLOEXEC: 0o2000000,
    O_NONBLOCK: 0o4000,
    O_CLOEXEC: 0o2000000,
    addressHasLength: false,
  },
  darwin: {
    ...BSD,
    AF_INET6: 30,
    SO_REUSEPORT: undefined,
    TCP_KEEPIDLE: 0x10,
    TCP_NOTSENT_LOWAT: 0x201,
    SO_NOSIGPIPE: 0x1022,
    MSG_NOSIGNAL: 0,
    SOCK_NONBLOCK: undefined,
    SOCK_CLOEXEC: undefined,
    O_CLOEXEC: 0x1000000,
  },
  freebsd: {
    ...BSD,
    AF_INET6: 28,
    // SO_REUSEPORT_LB, since FreeBSD 12.
    SO_REUSEPORT: 0x10000,
    TCP_KEEPIDLE: 256,
    TCP_NOTSENT_LOWAT: undefined,
    SO_NOSIGPIPE: 0x0800,
    MSG_NOSIGNAL: 0x20000,
    SOCK_NONBLOCK: 0x20000000,
    SOCK_CLOEXEC: 0x10000000,
    O_CLOEXEC: 0x100000,
  },
};

/**
 * Returns the socket interface of this system.
 *
 * @param platform A value of `process.platform`.
 * @throws {Error} When it is not in our table.
 */
export function socketLayout(platform: string = process.platform): SocketLayout {
  const layout = SOCKETS[platform];
  if (layout) return layout;
  const known = Object.keys(SOCKETS).join(", ");
  throw new Error(`Cannot call the kernel of ${platform}: we know ${known}`);
}

/** Linux's epoll: its constants, and the offsets of an event's fields. */
export interface EpollLayout {
  readonly EPOLLIN: number;
  readonly EPOLLPRI: number;
  readonly EPOLLOUT: number;
  readonly EPOLLERR: number;
  readonly EPOLLHUP: number;
  readonly EPOLLRDHUP: number;
  readonly EPOLLET: number;
  readonly EPOLLONESHOT: number;
  readonly EPOLL_CTL_ADD: number;
  readonly EPOLL_CTL_DEL: number;
  readonly EPOLL_CTL_MOD: number;
  readonly EPOLL_CLOEXEC: number;
  /** The size of an event, in 32-bit words. */
  readonly stride: number;
  /** The offset of an event's data, in 32-bit words. */
  readonly data: number;
}

/**
 * Returns the layout of epoll on this architecture.
 *
 * ```text
 *              word 0   1         2         3
 *   x64        events   data (8 bytes)              packed, as on 32 bits
 *   others     events   padding   data (8 bytes)    aligned
 * ```
 *
 * Source: Linux, include/uapi/linux/eventpoll.h, EPOLL_PACKED.
 *
 * @param arch A value of `process.arch`.
 * @throws {Error} On any system other than Linux.
 */
export function epollLayout(
  arch: string = process.arch,
  platform: string = process.platform,
): EpollLayout {
  if (platform !== "linux") {
    throw new Error(`Cannot use epoll: ${platform} has none, only Linux does`);
  }
  const packed = arch === "x64";
  return {
    EPOLLIN: 0x001,
    EPOLLPRI: 0x002,
    EPOLLOUT: 0x004,
    EPOLLERR: 0x008,
    EPOLLHUP: 0x010,
    EPOLLRDHUP: 0x2000,
    // The highest bit, as the signed number that an Int32Array holds.
    EPOLLET: 1 << 31,
    EPOLLONESHOT: 1 << 30,
    EPOLL_CTL_ADD: 1,
    EPOLL_CTL_DEL: 2,
    EPOLL_CTL_MOD: 3,
    EPOLL_CLOEXEC: 0o2000000,
    stride: packed ? 3 : 4,
    data: packed ? 1 : 2,
  };
}
