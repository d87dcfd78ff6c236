// poll(2), which every POSIX system has: the program keeps the list, and the kernel reads
// all of it at each call. It is level-triggered only; we emulate the edges.
import { constants } from "node:os";
import { type CFunction, checked, errno, library, SysError } from "../ffi.ts";
import { type Events, READY, type Ready } from "../readiness/events.ts";
import { type Interest, type Mode, READABLE, WRITABLE } from "../readiness/interest.ts";
import { Registration } from "../readiness/registration.ts";
import {
  type Selector,
  type WakeHandle,
  wholeMilliseconds,
} from "../readiness/selector.ts";
import type { Token } from "../token.ts";
import { openWakeDescriptor, type WakeDescriptor } from "./eventfd.ts";
import { socketLayout } from "./layout.ts";
import { type PollLayout, pollLayout } from "./layout-poll.ts";

interface Watched {
  readonly fd: number;
  readonly registration: Registration;
  /** Its index in the list. */
  place: number;
}

/** The list doubles when it is full. */
const INITIAL_CAPACITY = 64;

/**
 * Waits with poll.
 *
 * ```text
 *   struct pollfd, 8 bytes    fd (i32)   events (i16)   revents (i16)
 *   #words   Int32Array       [2 i]      [2 i + 1]
 *   #halves  Int16Array                  [4 i + 2]      [4 i + 3]
 *   #watched                  [i]        its registration
 * ```
 *
 * A socket that must not be reported is stored as a negative number, which the kernel
 * skips. For a socket without events the kernel still reports errors and hang-ups.
 */
export class PollSelector implements Selector {
  readonly name = "poll";
  readonly #layout: PollLayout = pollLayout();
  readonly #calls: { poll: CFunction; fcntl: CFunction };
  #words = new Int32Array(INITIAL_CAPACITY * 2);
  #halves = new Int16Array(this.#words.buffer);
  readonly #watched: (Watched | undefined)[] = [];
  readonly #places = new Map<number, Watched>();
  #wake: WakeDescriptor | undefined;
  /** Where the next scan starts, so that no socket is always last. */
  #start = 0;

  /** @throws {Error} Where there is no poll(2). */
  constructor() {
    const { fn } = library();
    this.#calls = {
      poll: fn("int poll(void *list, uintptr_t count, int ms)"),
      fcntl: fn("int fcntl(int fd, int command, ...)"),
    };
  }

  register(fd: number, token: Token, interest: Interest, mode: Mode): void {
    if (this.#places.has(fd))
      throw new SysError("watch a socket", constants.errno.EEXIST);
    // poll itself would report a closed descriptor only when it waits (POLLNVAL).
    checked("watch a socket", this.#calls.fcntl(fd, socketLayout().F_GETFD));
    const place = this.#watched.length;
    const registration = new Registration(token, interest, mode);
    const watched = { fd, registration, place };
    this.#places.set(fd, watched);
    this.#append(watched);
    this.#write(watched);
  }

  reregister(fd: number, token: Token, interest: Interest, mode: Mode): void {
    const watched = this.#find("change a watched socket", fd);
    watched.registration.rearm(token, interest, mode);
    this.#write(watched);
  }

  deregister(fd: number): void {
    const { place } = this.#find("stop watching a socket", fd);
    this.#places.delete(fd);
    // The last one takes its place.
    const last = this.#watched.pop();
    if (last === undefined || last.fd === fd) return;
    last.place = place;
    this.#watched[place] = last;
    this.#write(last);
  }

  blocked(fd: number, interest: Interest): void {
    const watched = this.#places.get(fd);
    if (watched === undefined) return;
    watched.registration.blocked(interest);
    this.#write(watched);
  }

  select(events: Events, timeout: number | null): void {
    const count = this.#watched.length;
    const ready = this.#calls.poll(this.#words, count, wholeMilliseconds(timeout));
    if (ready === -1) {
      const error = errno();
      if (error === constants.errno.EINTR) return;
      throw new SysError("wait for events", error);
    }
    const start = this.#start < count ? this.#start : 0;
    for (let step = 0, left = ready; left > 0 && step < count; step += 1) {
      const place = start + step < count ? start + step : start + step - count;
      const bits = this.#halves[place * 4 + 3] ?? 0;
      if (bits === 0) continue;
      left -= 1;
      const watched = this.#watched[place];
      if (watched === undefined) this.#wake?.drain();
      else if (events.length < events.capacity) this.#report(events, watched, bits);
      else {
        // The first socket without room goes first next time. Still, drain the waker now.
        this.#start = place;
        if (this.#halves[3] && this.#watched[0] === undefined) this.#wake?.drain();
        return;
      }
    }
  }

  openWake(): WakeHandle {
    if (this.#wake) return this.#wake;
    const wake = openWakeDescriptor(this.name);
    this.#wake = wake;
    // The waker takes the first place; the socket there moves to the end.
    const [first] = this.#watched;
    if (first) {
      first.place = this.#watched.length;
      this.#append(first);
      this.#write(first);
      this.#watched[0] = undefined;
    } else this.#append(undefined);
    this.#words[0] = wake.fd;
    this.#halves[2] = this.#layout.POLLIN;
    return wake;
  }

  close(): void {
    this.#wake?.close();
    this.#wake = undefined;
    this.#places.clear();
    this.#watched.length = 0;
  }

  #report(events: Events, watched: Watched, bits: number): void {
    const { registration } = watched;
    const ready = readyOf(this.#layout, bits, registration);
    events.push(registration.token, ready);
    registration.fired(ready);
    this.#write(watched);
  }

  #find(what: string, fd: number): Watched {
    const watched = this.#places.get(fd);
    if (watched === undefined) throw new SysError(what, constants.errno.ENOENT);
    return watched;
  }

  #append(watched: Watched | undefined): void {
    this.#watched.push(watched);
    if (this.#watched.length * 2 <= this.#words.length) return;
    const words = new Int32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
    this.#halves = new Int16Array(words.buffer);
  }

  /** Copies a socket's registration into the kernel's list. */
  #write({ fd, place, registration }: Watched): void {
    this.#words[place * 2] = registration.silent ? -1 - fd : fd;
    this.#halves[place * 4 + 2] = bitsOf(this.#layout, registration.armed);
    this.#halves[place * 4 + 3] = 0;
  }
}

/** The bits to ask for; POLLERR and POLLHUP are always reported (poll(2)). */
export function bitsOf(layout: PollLayout, armed: Interest): number {
  const { POLLIN, POLLOUT, POLLRDHUP } = layout;
  return (armed & READABLE ? POLLIN | POLLRDHUP : 0) | (armed & WRITABLE ? POLLOUT : 0);
}

/** Translates what the kernel has reported into the bits of an event. */
export function readyOf(
  layout: PollLayout,
  bits: number,
  { interest }: Registration,
): Ready {
  const { POLLIN, POLLOUT, POLLERR, POLLHUP, POLLRDHUP, POLLNVAL } = layout;
  // After an error or the end no call says "blocked", whether POLLIN is set or not.
  const over = bits & (POLLERR | POLLHUP | POLLNVAL);
  return (
    (bits & POLLIN || (over && interest & READABLE) ? READY.readable : 0) |
    (bits & POLLOUT || (over && interest & WRITABLE) ? READY.writable : 0) |
    (bits & (POLLRDHUP | POLLHUP) ? READY.readClosed : 0) |
    (over ? READY.writeClosed : 0) |
    (bits & (POLLERR | POLLNVAL) ? READY.error : 0)
  );
}
