// kqueue(2), the interface of FreeBSD and macOS: changes and events use the same struct,
// and each direction of a socket has its own registration, a "filter".
import { constants } from "node:os";
import { type CFunction, checked, errno, library, SysError } from "../ffi.ts";
import { type Events, READY, type Ready } from "../readiness/events.ts";
import { type Interest, type Mode, READABLE, WRITABLE } from "../readiness/interest.ts";
import {
  type Selector,
  type WakeHandle,
  wholeMilliseconds,
} from "../readiness/selector.ts";
import type { Token } from "../token.ts";
import { KeventList, wakeByTrigger } from "./kevent.ts";
import { KQUEUE, kqueueLayout } from "./layout-kqueue.ts";

const { EV_ADD, EV_DELETE, EV_CLEAR, EV_RECEIPT, EV_EOF, EV_ERROR } = KQUEUE;
const { EVFILT_READ, EVFILT_WRITE } = KQUEUE;

interface Watched {
  readonly token: Token;
  readonly interest: Interest;
  readonly mode: Mode;
}

/**
 * Waits with kqueue. kqueue does not reject a second registration, and does not combine the
 * filters of a socket into one interest, so that is kept here, by descriptor.
 */
export class KqueueSelector implements Selector {
  readonly name = "kqueue";
  readonly #layout = kqueueLayout();
  readonly #kevent: CFunction;
  readonly #close: CFunction;
  readonly #kqueue: number;
  readonly #watched = new Map<number, Watched>();
  readonly #changes = new KeventList(2, this.#layout);
  #list = new KeventList(1, this.#layout);
  /** `struct timespec`: seconds, nanoseconds. */
  readonly #timeout = new BigInt64Array(2);
  /** The index of a descriptor's event, which its two filters share. */
  readonly #places = new Map<number, number>();
  #wake: WakeHandle | undefined;
  #closed = false;

  /** @throws {Error} Where there is no kqueue. @throws {SysError} EMFILE, ENOMEM. */
  constructor() {
    const { fn } = library(this.#layout.library);
    this.#kevent = fn(
      "int kevent(int kqueue, void *changes, int count, void *events, int room, void *timeout)",
    );
    this.#close = library().fn("int close(int fd)");
    this.#kqueue = checked("open a kqueue", fn("int kqueue()")());
  }

  register(fd: number, token: Token, interest: Interest, mode: Mode): void {
    if (this.#watched.has(fd))
      throw new SysError("watch a socket", constants.errno.EEXIST);
    this.#add("watch a socket", fd, { token, interest, mode });
  }

  reregister(fd: number, token: Token, interest: Interest, mode: Mode): void {
    this.deregister(fd, "change a watched socket");
    // A filter that is added again reports existing readiness, even when edge-triggered.
    this.#add("change a watched socket", fd, { token, interest, mode });
  }

  deregister(fd: number, what = "stop watching a socket"): void {
    const watched = this.#watched.get(fd);
    if (watched === undefined) throw new SysError(what, constants.errno.ENOENT);
    this.#watched.delete(fd);
    this.#change(what, fd, watched.interest, EV_DELETE);
  }

  /**
   * Does nothing: the kernel tracks edges itself. (Bytes behind TCP's urgent byte may wait
   * for the next ones: see `EpollSelector.blocked`.)
   */
  blocked(): void {}

  select(events: Events, timeout: number | null): void {
    const room = events.capacity - events.length;
    if (this.#list.capacity < room) this.#list = new KeventList(room, this.#layout);
    const { bytes } = this.#list;
    const time = this.#timeoutOf(wholeMilliseconds(timeout));
    const count = this.#kevent(this.#kqueue, null, 0, bytes, room, time);
    if (count === -1) {
      const error = errno();
      if (error === constants.errno.EINTR) return;
      throw new SysError("wait for events", error);
    }
    this.#places.clear();
    for (let index = 0; index < count; index += 1) this.#take(events, index);
  }

  openWake(): WakeHandle {
    if (this.#wake) return this.#wake;
    const { EVFILT_USER } = this.#layout;
    this.#changes.set(0, 0, EVFILT_USER, EV_ADD | EV_CLEAR, 0);
    const { bytes } = this.#changes;
    const added = this.#kevent(this.#kqueue, bytes, 1, null, 0, this.#timeoutOf(0));
    checked("open a waker", added);
    this.#wake = wakeByTrigger({ poller: this.name, handle: this.#kqueue });
    return this.#wake;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#close(this.#kqueue);
  }

  #take(events: Events, index: number): void {
    const fd = this.#list.ident(index);
    const filter = this.#list.filter(index);
    if (filter === this.#layout.EVFILT_USER) return;
    const watched = this.#watched.get(fd);
    if (watched === undefined) return;
    const ready = readyOf(filter, this.#list.flags(index), this.#list.fflags(index));
    const place = this.#places.get(fd);
    if (place === undefined) {
      this.#places.set(fd, events.length);
      events.push(watched.token, ready);
      if (watched.mode === "oneshot") this.#disarm(fd, watched);
    } else events.add(place, ready);
  }

  /** Deletes both filters: the one that has reported, and the one that has not. */
  #disarm(fd: number, watched: Watched): void {
    this.#change("disarm a socket", fd, watched.interest, EV_DELETE);
    this.#watched.set(fd, { ...watched, interest: 0 });
  }

  #add(what: string, fd: number, watched: Watched): void {
    const flags = watched.mode === "edge" ? EV_ADD | EV_CLEAR : EV_ADD;
    try {
      this.#change(what, fd, watched.interest, flags);
    } catch (error) {
      // One of the two filters may have been added.
      this.#change(what, fd, watched.interest, EV_DELETE);
      throw error;
    }
    this.#watched.set(fd, watched);
  }

  /** Changes both filters with one call; each gets its own receipt (EV_RECEIPT). */
  #change(what: string, fd: number, interest: Interest, flags: number): void {
    let count = 0;
    for (const [bit, filter] of [
      [READABLE, EVFILT_READ],
      [WRITABLE, EVFILT_WRITE],
    ] as const) {
      if ((interest & bit) === 0) continue;
      this.#changes.set(count, fd, filter, flags | EV_RECEIPT, 0);
      count += 1;
    }
    if (count === 0) return;
    const { bytes } = this.#changes;
    const receipts = this.#kevent(this.#kqueue, bytes, count, bytes, count, null);
    checked(what, receipts);
    for (let index = 0; index < receipts; index += 1) {
      const error = this.#changes.data(index);
      // A filter to delete may no longer exist, if its descriptor was closed.
      const gone = error === constants.errno.ENOENT || error === constants.errno.EBADF;
      if (error === 0 || (flags === EV_DELETE && gone)) continue;
      throw new SysError(what, error);
    }
  }

  #timeoutOf(ms: number): BigInt64Array | null {
    if (ms < 0) return null;
    this.#timeout[0] = BigInt(Math.floor(ms / 1000));
    this.#timeout[1] = BigInt((ms % 1000) * 1_000_000);
    return this.#timeout;
  }
}

/** EV_EOF is for one direction; with it, fflags holds the socket's error (kqueue(2)). */
function readyOf(filter: number, flags: number, fflags: number): Ready {
  const over = (flags & EV_EOF) !== 0;
  const failed = (over && fflags !== 0) || (flags & EV_ERROR) !== 0;
  const error = failed ? READY.error : 0;
  if (filter === EVFILT_READ) {
    return READY.readable | (over ? READY.readClosed : 0) | error;
  }
  return READY.writable | (over ? READY.writeClosed : 0) | error;
}
