// What the C headers of each system say: the numbers behind the names, and where in a
// struct a field stands. A program in C gets these from #include; we have to look them up.
//
// Sources: Linux, include/uapi/asm-generic/{fcntl,socket,errno}.h; macOS, <sys/socket.h>,
// <fcntl.h>; FreeBSD, sys/sys/socket.h, sys/sys/fcntl.h; POSIX.1-2024, <sys/socket.h>.

/** The socket interface of a system that descends from BSD, as all of these do. */
export interface SocketLayout {
  readonly AF_INET: number;
  readonly SOCK_STREAM: number;
  readonly SOL_SOCKET: number;
  readonly SO_REUSEADDR: number;
  readonly SO_ERROR: number;
  /** Asks the system not to kill us for writing to a closed connection, where it can. */
  readonly SO_NOSIGPIPE: number | undefined;
  readonly IPPROTO_TCP: number;
  readonly TCP_NODELAY: number;
  readonly SHUT_WR: number;
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
  TCP_NODELAY: 1,
  SHUT_WR: 1,
  F_GETFL: 3,
  F_SETFL: 4,
  O_RDONLY: 0,
  SEEK_SET: 0,
  SEEK_END: 2,
} as const;

const BSD = {
  ...SHARED,
  SOL_SOCKET: 0xffff,
  SO_REUSEADDR: 4,
  SO_ERROR: 0x1007,
  O_NONBLOCK: 4,
  addressHasLength: true,
} as const;

const SOCKETS: Readonly<Record<string, SocketLayout>> = {
  linux: {
    ...SHARED,
    SOL_SOCKET: 1,
    SO_REUSEADDR: 2,
    SO_ERROR: 4,
    SO_NOSIGPIPE: undefined,
    O_NONBLOCK: 0o4000,
    O_CLOEXEC: 0o2000000,
    addressHasLength: false,
  },
  darwin: { ...BSD, SO_NOSIGPIPE: 0x1022, O_CLOEXEC: 0x1000000 },
  freebsd: { ...BSD, SO_NOSIGPIPE: 0x0800, O_CLOEXEC: 0x100000 },
};

/**
 * The socket interface of this system.
 *
 * @param platform As `process.platform` says it.
 * @throws {Error} When its numbers are not in our table.
 */
export function socketLayout(platform: string = process.platform): SocketLayout {
  const layout = SOCKETS[platform];
  if (layout) return layout;
  const known = Object.keys(SOCKETS).join(", ");
  throw new Error(`Cannot call the kernel of ${platform}: we know ${known}`);
}

/** Linux' epoll: its numbers, and where an event's fields stand. */
export interface EpollLayout {
  readonly EPOLLIN: number;
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
  /** From one event to the next, in 32-bit words. */
  readonly stride: number;
  /** From the begin of an event to its data, in 32-bit words. */
  readonly data: number;
}

/**
 * How epoll looks on this architecture.
 *
 * ```text
 *              word 0   1         2         3
 *   x64        events   data (8 bytes)              packed, as on 32 bits
 *   others     events   nothing   data (8 bytes)    aligned
 * ```
 *
 * Source: Linux, include/uapi/linux/eventpoll.h, EPOLL_PACKED.
 *
 * @param arch As `process.arch` says it.
 * @throws {Error} On another system than Linux.
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
    EPOLLOUT: 0x004,
    EPOLLERR: 0x008,
    EPOLLHUP: 0x010,
    EPOLLRDHUP: 0x2000,
    // The highest bit: as a signed number, which is what an Int32Array holds.
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

/**
 * An address as `bind` and `connect` take it.
 *
 * ```text
 *   byte   0        1        2    3    4    5    6    7    8 … 15
 *   Linux  family            port      IPv4 address        zeros
 *   BSD    length   family   port      IPv4 address        zeros
 * ```
 *
 * The family is a number of this machine, the port is in network order: the larger byte
 * first (ip(7), "Address format").
 *
 * @param host Four numbers with dots between.
 * @param port 0 to 65535; 0 lets the system choose.
 */
export function ipv4Address(host: string, port: number, layout = socketLayout()) {
  const address = Buffer.alloc(16);
  if (layout.addressHasLength) {
    address[0] = address.length;
    address[1] = layout.AF_INET;
  } else if (littleEndian()) {
    address.writeUInt16LE(layout.AF_INET, 0);
  } else {
    address.writeUInt16BE(layout.AF_INET, 0);
  }
  address.writeUInt16BE(port, 2);
  address.set(host.split(".").map(Number), 4);
  return address;
}

/** The port in an address that the system has filled in. */
export function portOf(address: Buffer): number {
  return address.readUInt16BE(2);
}

/** Does the smaller byte of a number come first here? */
export function littleEndian(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
}
