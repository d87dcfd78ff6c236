// The constants of poll(2) on each system.
//
// Sources: Linux, include/uapi/asm-generic/poll.h; macOS and FreeBSD, <sys/poll.h>.

/** What a program requests, and what poll reports. ERR, HUP and NVAL need no request. */
export interface PollLayout {
  readonly POLLIN: number;
  readonly POLLOUT: number;
  readonly POLLERR: number;
  readonly POLLHUP: number;
  readonly POLLNVAL: number;
  /** The peer has finished sending; 0 where poll does not report it. */
  readonly POLLRDHUP: number;
}

const SHARED = { POLLIN: 1, POLLOUT: 4, POLLERR: 8, POLLHUP: 0x10, POLLNVAL: 0x20 };

const POLLRDHUP: Readonly<Record<string, number>> = {
  linux: 0x2000,
  freebsd: 0x4000,
  darwin: 0,
};

/**
 * Returns the constants of this system.
 *
 * @param platform A value of `process.platform`.
 * @throws {Error} When they are not in our table.
 */
export function pollLayout(platform: string = process.platform): PollLayout {
  const readHangUp = POLLRDHUP[platform];
  if (readHangUp === undefined) throw new Error(`Cannot use poll: ${platform} has none`);
  return { ...SHARED, POLLRDHUP: readHangUp };
}
