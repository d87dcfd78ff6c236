// epoll(7), Linux's own interface: the kernel keeps a list of watched sockets and a list of
// ready ones. The cost of a wait grows with the ready sockets, not with the watched ones.
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
import { openWakeDescriptor, type WakeDescriptor } from "./eventfd.ts";
import { type EpollLayout, epollLayout } from "./layout.ts";

/** Indexes into the two words of an event's data. */
const TOKEN = 0;
const SOURCE = 1;
/** The second word: the descriptor, and its interest in the two lowest bits; or the waker. */
const INTEREST_BITS = 2;
const WAKE = -1;

interface Urgent {
  readonly token: Token;
  readonly interest: Interest;
}

/** Waits with epoll. */
export class EpollSelector implements Selector {
  readonly name = "epoll";
  readonly #layout: EpollLayout = epollLayout();
  readonly #calls: { ctl: CFunction; wait: CFunction; close: CFunction };
  readonly #epoll: number;
  /** One event, for epoll_ctl. */
  readonly #change: Int32Array;
  /** Filled by epoll_wait. */
  #list = new Int32Array(0);
  /** Edge-triggered descriptors with urgent data, which may end a read early. */
  readonly #urgent = new Map<number, Urgent>();
  #wake: WakeDescriptor | undefined;
  #closed = false;

  /** @throws {Error} Where there is no epoll. @throws {SysError} EMFILE, ENFILE, ENOMEM. */
  constructor() {
    const { fn } = library();
    this.#calls = {
      ctl: fn("int epoll_ctl(int epoll, int operation, int fd, void *event)"),
      wait: fn("int epoll_wait(int epoll, void *events, int max, int ms)"),
      close: fn("int close(int fd)"),
    };
    const create = fn("int epoll_create1(int flags)");
    this.#epoll = checked("open an epoll", create(this.#layout.EPOLL_CLOEXEC));
    this.#change = new Int32Array(this.#layout.stride);
  }

  register(fd: number, token: Token, interest: Interest, mode: Mode): void {
    const { EPOLL_CTL_ADD } = this.#layout;
    const source = (fd << INTEREST_BITS) | interest;
    const bits = this.#bitsOf(interest, mode);
    this.#control("watch a socket", EPOLL_CTL_ADD, fd, bits, token, source);
  }

  reregister(fd: number, token: Token, interest: Interest, mode: Mode): void {
    const { EPOLL_CTL_MOD } = this.#layout;
    const source = (fd << INTEREST_BITS) | interest;
    const bits = this.#bitsOf(interest, mode);
    this.#control("change a watched socket", EPOLL_CTL_MOD, fd, bits, token, source);
    this.#urgent.delete(fd);
  }

  deregister(fd: number): void {
    this.#urgent.delete(fd);
    this.#control("stop watching a socket", this.#layout.EPOLL_CTL_DEL, fd, 0, 0, 0);
  }

  /**
   * The kernel tracks edges itself, with one exception: a read stops at TCP's urgent byte
   * (tcp(7), SO_OOBINLINE), and what is behind it raises no edge. Registering again reports it.
   */
  blocked(fd: number, interest: Interest): void {
    const urgent = this.#urgent.get(fd);
    if (urgent === undefined || (interest & READABLE) === 0) return;
    this.reregister(fd, urgent.token, urgent.interest, "edge");
  }

  select(events: Events, timeout: number | null): void {
    const { stride, data, EPOLLPRI } = this.#layout;
    const room = events.capacity - events.length;
    if (this.#list.length < room * stride) this.#list = new Int32Array(room * stride);
    const list = this.#list;
    const ms = wholeMilliseconds(timeout);
    const count = this.#calls.wait(this.#epoll, list, room, ms);
    if (count === -1) {
      const error = errno();
      if (error === constants.errno.EINTR) return;
      throw new SysError("wait for events", error);
    }
    for (let at = 0; at < count * stride; at += stride) {
      const source = list[at + data + SOURCE] ?? WAKE;
      if (source === WAKE) continue;
      const bits = list[at] ?? 0;
      const token = list[at + data + TOKEN] ?? -1;
      if (bits & EPOLLPRI) {
        const interest = source & (READABLE | WRITABLE);
        this.#urgent.set(source >> INTEREST_BITS, { token, interest });
      }
      const ready = this.#readyOf(bits);
      if (ready !== 0) events.push(token, ready);
    }
  }

  openWake(): WakeHandle {
    if (this.#wake) return this.#wake;
    const wake = openWakeDescriptor(this.name);
    const { EPOLLIN, EPOLLET, EPOLL_CTL_ADD } = this.#layout;
    // Edge-triggered: each write is reported once, and the eventfd need not be drained.
    try {
      const bits = EPOLLIN | EPOLLET;
      this.#control("watch a waker", EPOLL_CTL_ADD, wake.fd, bits, 0, WAKE);
    } catch (error) {
      wake.close();
      throw error;
    }
    this.#wake = wake;
    return wake;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#wake?.close();
    this.#calls.close(this.#epoll);
  }

  #control(
    what: string,
    operation: number,
    fd: number,
    bits: number,
    token: Token,
    source: number,
  ): void {
    const { data } = this.#layout;
    this.#change[0] = bits;
    this.#change[data + TOKEN] = token;
    this.#change[data + SOURCE] = source;
    checked(what, this.#calls.ctl(this.#epoll, operation, fd, this.#change));
  }

  #bitsOf(interest: Interest, mode: Mode): number {
    const { EPOLLIN, EPOLLOUT, EPOLLRDHUP, EPOLLPRI } = this.#layout;
    const { EPOLLET, EPOLLONESHOT } = this.#layout;
    // Urgent data matters only for edges. Level-triggered, it would be reported without end.
    const edge = EPOLLET | (interest & READABLE ? EPOLLPRI : 0);
    const modeBits = { level: 0, edge, oneshot: EPOLLONESHOT };
    return (
      (interest & READABLE ? EPOLLIN | EPOLLRDHUP : 0) |
      (interest & WRITABLE ? EPOLLOUT : 0) |
      modeBits[mode]
    );
  }

  /** EPOLLHUP: both directions have ended. EPOLLRDHUP: only the peer's (epoll_ctl(2)). */
  #readyOf(bits: number): Ready {
    const { EPOLLIN, EPOLLOUT, EPOLLERR, EPOLLHUP, EPOLLRDHUP } = this.#layout;
    return (
      (bits & EPOLLIN ? READY.readable : 0) |
      (bits & EPOLLOUT ? READY.writable : 0) |
      (bits & (EPOLLRDHUP | EPOLLHUP) ? READY.readClosed : 0) |
      (bits & (EPOLLHUP | EPOLLERR) ? READY.writeClosed : 0) |
      (bits & EPOLLERR ? READY.error : 0)
    );
  }
}
