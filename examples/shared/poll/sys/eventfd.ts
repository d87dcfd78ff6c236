// Wakes a poller that waits for descriptors, through a descriptor that becomes readable: on
// Linux eventfd(2), a counter; elsewhere the read end of a pipe(2).
import { constants } from "node:os";
import { type CFunction, checked, errno, library, SysError } from "../ffi.ts";
import type { WakeAddress, WakeHandle } from "../readiness/selector.ts";
import { socketLayout } from "./layout.ts";

const { EAGAIN, EINTR } = constants.errno;

/** The waiting side. */
export interface WakeDescriptor extends WakeHandle {
  /** The descriptor to watch for reading. */
  readonly fd: number;
  /** Makes it unreadable again, for level-triggered pollers. */
  drain(): void;
  close(): void;
}

/**
 * Opens an eventfd or a pipe.
 *
 * @param poller The kind of selector that watches it.
 * @throws {SysError} EMFILE, ENFILE.
 */
export function openWakeDescriptor(poller: string): WakeDescriptor {
  const { fn } = library();
  const close = fn("int close(int fd)");
  const read = fn("intptr_t read(int fd, void *into, size_t size)");
  const [from, to] = process.platform === "linux" ? openEventfd() : openPipe();
  // One read drains an eventfd; a pipe may hold many bytes.
  const rest = new Uint8Array(from === to ? 8 : 4096);
  return {
    fd: from,
    ...wakeByWriting({ poller, handle: to }),
    drain: () => {
      while (read(from, rest, rest.length) === rest.length && from !== to);
    },
    close: () => {
      close(from);
      if (to !== from) close(to);
    },
  };
}

/** The waking side, in any thread: writes to the descriptor. */
export function wakeByWriting(shared: WakeAddress): WakeHandle {
  const write: CFunction = library().fn(
    "intptr_t write(int fd, void *bytes, size_t size)",
  );
  // An eventfd adds it as a 64-bit number; a pipe takes it as eight bytes.
  const one = BigUint64Array.of(1n);
  return {
    shared,
    wake: () => {
      while (write(shared.handle, one, 8) === -1) {
        const error = errno();
        // Full, so it is readable already: this wake is coalesced with earlier ones.
        if (error === EAGAIN) return;
        if (error !== EINTR) throw new SysError("wake a poller", error);
      }
    },
  };
}

function openEventfd(): [number, number] {
  // The flags are those of open(2) (eventfd(2)).
  const { O_NONBLOCK, O_CLOEXEC } = socketLayout();
  const eventfd = library().fn("int eventfd(uint32_t count, int flags)");
  const fd = checked("open an eventfd", eventfd(0, O_NONBLOCK | O_CLOEXEC));
  return [fd, fd];
}

function openPipe(): [number, number] {
  const { F_SETFL, F_SETFD, FD_CLOEXEC, O_NONBLOCK } = socketLayout();
  const { fn } = library();
  const ends = new Int32Array(2);
  checked("open a pipe", fn("int pipe(void *ends)")(ends));
  const fcntl = fn("int fcntl(int fd, int command, ...)");
  for (const end of ends) {
    checked("set flags", fcntl(end, F_SETFL, "int", O_NONBLOCK));
    checked("set flags", fcntl(end, F_SETFD, "int", FD_CLOEXEC));
  }
  const [from = -1, to = -1] = ends;
  return [from, to];
}
