// kqueue: the numbers, and where in a `struct kevent` a field stands.
//
// Sources: macOS and FreeBSD, <sys/event.h>; libkqueue, include/sys/event.h. For libkqueue it
// was run; for the others it is from the headers.

export const KQUEUE = {
  EVFILT_READ: -1,
  EVFILT_WRITE: -2,
  EV_ADD: 0x1,
  EV_DELETE: 0x2,
  EV_ENABLE: 0x4,
  EV_DISABLE: 0x8,
  /** Switched off, not taken out, once it has been reported. */
  EV_DISPATCH: 0x80,
  /** Reported when it has changed: an edge. */
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
 * FreeBSD has the last four, from version 12.
 */
export interface KqueueLayout {
  /** From one event to the next, in bytes. */
  readonly size: number;
  /** The filter of what a program triggers itself. */
  readonly EVFILT_USER: number;
  /** Where its functions are: null for the C library. */
  readonly library: string | null;
}

/**
 * How kqueue looks here. On Linux there is none, but libkqueue imitates it.
 *
 * @param libkqueue Where it is, as `LIBKQUEUE` in the environment says.
 * @throws {Error} Where there is none.
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
