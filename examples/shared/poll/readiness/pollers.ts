// The pollers: which there are, which can run on this machine, and why the others cannot.
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
  /** What it is, as in a list of choices. */
  readonly about: string;
  /** @throws {Error} When it cannot run here; the message says why. */
  open(): Opened;
}

/** A kernel interface to wait with. */
export interface Poller extends Backend<Selector> {
  /** What wakes such a selector of another thread of this process. */
  wakeHandle(address: WakeAddress): WakeHandle;
}

/** In the order in which `openPoll` prefers them. */
export const POLLERS: readonly Poller[] = [
  {
    name: "epoll",
    about: "Linux: the kernel keeps the list, and tells who is ready",
    open: () => new EpollSelector(),
    wakeHandle: wakeByWriting,
  },
  {
    name: "kqueue",
    about: "macOS, FreeBSD: the same, by filters; libkqueue elsewhere",
    open: () => new KqueueSelector(),
    wakeHandle: wakeByTrigger,
  },
  {
    name: "afd",
    about: "Windows: a request to poll each socket, answered over a completion port",
    open: () => new AfdSelector(),
    wakeHandle: wakeByPosting,
  },
  {
    name: "poll",
    about: "POSIX: the program shows its whole list at each wait",
    open: () => new PollSelector(),
    wakeHandle: wakeByWriting,
  },
  {
    name: "uring",
    about: "Linux: io_uring, a request for each socket that is to become ready",
    open: () => new UringSelector(),
    wakeHandle: wakeByWriting,
  },
];

/**
 * Why a poller cannot run here: undefined when it can. It is tried.
 */
export function whyNot(poller: Poller): string | undefined {
  try {
    poller.open().close();
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SysError && error.code === "EPERM") {
    return `${error.message}: it is switched off here, or the container forbids it`;
  }
  return error instanceof Error ? error.message : String(error);
}

/** Those that can run here, the best first. */
export function availablePollers(): Poller[] {
  return POLLERS.filter((poller) => whyNot(poller) === undefined);
}

/**
 * A poll, with the poller that is asked for or with the best that is here.
 *
 * @throws {NoPoller} When it is unknown or cannot run here; the message says which can.
 */
export function openPoll({ poller }: { poller?: string | undefined } = {}): Poll {
  return new Poll(poller === undefined ? openBest() : openNamed(poller));
}

/** The first that opens: none is opened only to see whether it can be. */
function openBest(): Selector {
  for (const { open } of POLLERS) {
    try {
      return open();
    } catch {}
  }
  // Without a way to call the kernel there is none: that is the reason to tell.
  library();
  throw new NoPoller("Cannot wait for sockets: no poller can run here");
}

function openNamed(name: string): Selector {
  let why = `there is no poller "${name}"`;
  const found = POLLERS.find((one) => one.name === name);
  try {
    if (found) return found.open();
  } catch (error) {
    why = reasonOf(error);
  }
  const here = availablePollers().map((one) => one.name);
  const list = here.length > 0 ? here.join(", ") : "none";
  const reason = why.replace(/^Cannot [^:]+: /, "");
  throw new NoPoller(`Cannot use the poller ${name}: ${reason}. Here can run: ${list}`);
}

/** The poller that was asked for cannot be had. */
export class NoPoller extends Error {}

/**
 * The waker of a poll of another thread.
 *
 * @param shared What `Waker.shared` gave there.
 */
export function wakerFrom({ address, state }: SharedWaker): Waker {
  return new Waker(wakeHandleFrom(address), state);
}

/** What wakes a poll of another thread by a call of the kernel, whether it sleeps or not. */
export function wakeHandleFrom(address: WakeAddress): WakeHandle {
  const poller = POLLERS.find(({ name }) => name === address.poller);
  if (poller === undefined) throw new Error(`Cannot wake a ${address.poller}: unknown`);
  return poller.wakeHandle(address);
}
