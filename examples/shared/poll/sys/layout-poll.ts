// The numbers of poll(2), system by system.
//
// Sources: Linux, include/uapi/asm-generic/poll.h; macOS and FreeBSD, <sys/poll.h>.

/** What a program asks for, and what comes back. ERR, HUP and NVAL come back unasked. */
export interface PollLayout {
  readonly POLLIN: number;
  readonly POLLOUT: number;
  readonly POLLERR: number;
  readonly POLLHUP: number;
  readonly POLLNVAL: number;
  /** The peer has finished sending; 0 where poll does not tell. */
  readonly POLLRDHUP: number;
}

const SHARED = { POLLIN: 1, POLLOUT: 4, POLLERR: 8, POLLHUP: 0x10, POLLNVAL: 0x20 };

const POLLRDHUP: Readonly<Record<string, number>> = {
  linux: 0x2000,
  freebsd: 0x4000,
  darwin: 0,
};

/**
 * The numbers of this system.
 *
 * @param platform As `process.platform` says it.
 * @throws {Error} When they are not in our table.
 */
export function pollLayout(platform: string = process.platform): PollLayout {
  const readHangUp = POLLRDHUP[platform];
  if (readHangUp === undefined) throw new Error(`Cannot use poll: ${platform} has none`);
  return { ...SHARED, POLLRDHUP: readHangUp };
}
