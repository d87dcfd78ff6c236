// kqueue: the constants, and the offsets of the fields of a `struct kevent`.
//
// Sources: macOS and FreeBSD, <sys/event.h>; libkqueue, include/sys/event.h. Tested with
// libkqueue; for the others taken from the headers.

export const KQUEUE = {
  EVFILT_READ: -1,
  EVFILT_WRITE: -2,
  EV_ADD: 0x1,
  EV_DELETE: 0x2,
  EV_ENABLE: 0x4,
  EV_DISABLE: 0x8,
  /** Disabled, not deleted, once it has been reported. */
  EV_DISPATCH: 0x80,
  /** Edge-triggered: reported when it changes. */
  EV_CLEAR: 0x20,
  /** Each change is answered at once, with EV_ERROR and its errno in data. */
  EV_RECEIPT: 0x40,
  EV_ERROR: 0x4000,
  EV_EOF: 0x8000,
  NOTE_TRIGGER: 0x01000000,
} as const;

/**
 * ```text
 *   byte    0           8            10          12             16         24          32
 *           ident u64   filter i16   flags u16   fflags u32     data i64   udata u64   ext[4]
 * ```
 *
 * Only FreeBSD has `ext`, from version 12.
 */
export interface KqueueLayout {
  /** The size of an event, in bytes. */
  readonly size: number;
  /** The filter of events that a program triggers itself. */
  readonly EVFILT_USER: number;
  /** The library with its functions; null for the C library. */
  readonly library: string | null;
}

/**
 * Returns the layout of this system. Linux has no kqueue, but libkqueue emulates it.
 *
 * @param libkqueue Its path; `LIBKQUEUE` in the environment by default.
 * @throws {Error} Where there is no kqueue.
 */
export function kqueueLayout(
  platform: string = process.platform,
  libkqueue: string | undefined = process.env.LIBKQUEUE,
): KqueueLayout {
  if (platform === "darwin") return { size: 32, EVFILT_USER: -10, library: null };
  if (platform === "freebsd") return { size: 64, EVFILT_USER: -11, library: null };
  if (platform === "linux" && libkqueue) {
    return { size: 32, EVFILT_USER: -11, library: libkqueue };
  }
  const hint = platform === "linux" ? "; LIBKQUEUE can name a libkqueue" : "";
  throw new Error(`Cannot use kqueue: ${platform} has none${hint}`);
}
