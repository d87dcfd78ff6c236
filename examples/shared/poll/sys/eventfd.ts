// What wakes a poller that waits for descriptors: a descriptor that becomes readable. On
// Linux eventfd(2), a counter; elsewhere pipe(2), of which one end is read.
import { constants } from "node:os";
import { type CFunction, checked, errno, library, SysError } from "../ffi.ts";
import type { WakeAddress, WakeHandle } from "../readiness/selector.ts";
import { socketLayout } from "./layout.ts";

const { EAGAIN, EINTR } = constants.errno;

/** The side that waits. */
export interface WakeDescriptor extends WakeHandle {
  /** To be watched for reading. */
  readonly fd: number;
  /** Makes it unreadable again: for a poller that is level-triggered. */
  drain(): void;
  close(): void;
}

/**
 * Opens one.
 *
 * @param poller Which kind of selector watches it.
 * @throws {SysError} EMFILE, ENFILE.
 */
export function openWakeDescriptor(poller: string): WakeDescriptor {
  const { fn } = library();
  const close = fn("int close(int fd)");
  const read = fn("intptr_t read(int fd, void *into, size_t size)");
  const [from, to] = process.platform === "linux" ? openEventfd() : openPipe();
  // An eventfd gives its count at once; a pipe may hold many bytes.
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

/** The side that wakes, in whichever thread: writes to the descriptor. */
export function wakeByWriting(shared: WakeAddress): WakeHandle {
  const write: CFunction = library().fn(
    "intptr_t write(int fd, void *bytes, size_t size)",
  );
  // As a number of 64 bits it is what an eventfd adds; for a pipe it is eight bytes.
  const one = BigUint64Array.of(1n);
  return {
    shared,
    wake: () => {
      while (write(shared.handle, one, 8) === -1) {
        const error = errno();
        // Full: it is readable already, and nobody needs to hear it again.
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
