// The pollers: which exist, which can run on this machine, and why the others cannot.
import { library, SysError } from "../ffi.ts";
import { AfdSelector } from "../sys/afd.ts";
import { wakeByPosting } from "../sys/completion-port.ts";
import { EpollSelector } from "../sys/epoll.ts";
import { wakeByWriting } from "../sys/eventfd.ts";
import { wakeByTrigger } from "../sys/kevent.ts";
import { KqueueSelector } from "../sys/kqueue.ts";
import { PollSelector } from "../sys/poll.ts";
import { UringSelector } from "../sys/uring-readiness.ts";
import { Poll } from "./poll.ts";
import type { Selector, WakeAddress, WakeHandle } from "./selector.ts";
import { type SharedWaker, Waker } from "./waker.ts";

/** A way to reach the kernel that can be chosen by name. */
export interface Backend<Opened> {
  readonly name: string;
  /** A description for a list of choices. */
  readonly about: string;
  /** @throws {Error} When it cannot run here; the message says why. */
  open(): Opened;
}

/** A kernel interface to wait with. */
export interface Poller extends Backend<Selector> {
  /** Returns a handle that wakes such a selector in another thread of this process. */
  wakeHandle(address: WakeAddress): WakeHandle;
}

/** In `openPoll`'s order of preference. */
export const POLLERS: readonly Poller[] = [
  {
    name: "epoll",
    about: "Linux: the kernel keeps the list, and reports which sockets are ready",
    open: () => new EpollSelector(),
    wakeHandle: wakeByWriting,
  },
  {
    name: "kqueue",
    about: "macOS, FreeBSD: the same, with filters; libkqueue elsewhere",
    open: () => new KqueueSelector(),
    wakeHandle: wakeByTrigger,
  },
  {
    name: "afd",
    about: "Windows: a poll request for each socket, answered through a completion port",
    open: () => new AfdSelector(),
    wakeHandle: wakeByPosting,
  },
  {
    name: "poll",
    about: "POSIX: the program passes its complete list at each wait",
    open: () => new PollSelector(),
    wakeHandle: wakeByWriting,
  },
  {
    name: "uring",
    about: "Linux: io_uring, a poll request for each socket",
    open: () => new UringSelector(),
    wakeHandle: wakeByWriting,
  },
];

/**
 * Returns why a poller cannot run here, or undefined when it can. Opens it to find out.
 */
export function unavailableReason(poller: Poller): string | undefined {
  try {
    poller.open().close();
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SysError && error.code === "EPERM") {
    return `${error.message}: it is disabled here, or the container forbids it`;
  }
  return error instanceof Error ? error.message : String(error);
}

/** The pollers that can run here, best first. */
export function availablePollers(): Poller[] {
  return POLLERS.filter((poller) => unavailableReason(poller) === undefined);
}

/**
 * Opens a poll with the given poller, or with the best one available.
 *
 * @throws {NoPoller} When it is unknown or cannot run here; the message lists those that
 *   can.
 */
export function openPoll({ poller }: { poller?: string | undefined } = {}): Poll {
  return new Poll(poller === undefined ? openBest() : openNamed(poller));
}

/** Opens the first that can run here, instead of testing all of them. */
function openBest(): Selector {
  for (const { open } of POLLERS) {
    try {
      return open();
    } catch {}
  }
  // If the kernel cannot be called at all, this throws the real reason.
  library();
  throw new NoPoller("Cannot wait for sockets: no poller can run here");
}

function openNamed(name: string): Selector {
  let why = `there is no poller "${name}"`;
  const usual = name === "io_uring" ? "uring" : name;
  const found = POLLERS.find((one) => one.name === usual);
  try {
    if (found) return found.open();
  } catch (error) {
    why = reasonOf(error);
  }
  const here = availablePollers().map((one) => one.name);
  const list = here.length > 0 ? here.join(", ") : "none";
  const reason = why.replace(/^Cannot [^:]+: /, "");
  throw new NoPoller(`Cannot use the poller ${name}: ${reason}. Available here: ${list}`);
}

/** Thrown when the requested poller is unavailable, or when none is available. */
export class NoPoller extends Error {}

/**
 * Creates a waker for a poll in another thread.
 *
 * @param shared From `Waker.shared` there.
 */
export function wakerFrom({ address, state }: SharedWaker): Waker {
  return new Waker(wakeHandleFrom(address), state);
}

/** Creates a handle that wakes another thread's poll with a system call, asleep or not. */
export function wakeHandleFrom(address: WakeAddress): WakeHandle {
  const poller = POLLERS.find(({ name }) => name === address.poller);
  if (poller === undefined) throw new Error(`Cannot wake a ${address.poller}: unknown`);
  return poller.wakeHandle(address);
}
