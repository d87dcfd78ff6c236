// Waits in a simulated network: when nothing is ready, its clock goes on to what comes next.
import { constants } from "node:os";
import { type Events, READY, type Ready } from "../events.ts";
import { SysError } from "../ffi.ts";
import { type Interest, type Mode, READABLE, WRITABLE } from "../interest.ts";
import { type Selector, type WakeHandle, wholeMilliseconds } from "../selector.ts";
import type { Token } from "../token.ts";

/** The network, as its selectors see it. */
export interface World {
  readonly now: number;
  has(fd: number): boolean;
  ready(fd: number): Ready;
  /** When one of them changes by itself; Infinity for never. */
  nextChange(fds: Iterable<number>): number;
  /** Sets the clock, never back. */
  goOnTo(time: number): void;
}

interface Watched {
  token: Token;
  interest: Interest;
  mode: Mode;
  /** What of the interest is told now: as poll(2)'s edges are made (sys/poll.ts). */
  armed: Interest;
}

export class SimulatedSelector implements Selector {
  readonly name = "simulated";
  readonly #world: World;
  readonly #watched = new Map<number, Watched>();
  #woken = false;
  readonly #wake: WakeHandle = {
    shared: { poller: this.name, handle: -1 },
    wake: () => {
      this.#woken = true;
    },
  };

  constructor(world: World) {
    this.#world = world;
  }

  register(fd: number, token: Token, interest: Interest, mode: Mode): void {
    if (!this.#world.has(fd)) throw new SysError("watch a socket", constants.errno.EBADF);
    if (this.#watched.has(fd))
      throw new SysError("watch a socket", constants.errno.EEXIST);
    this.#watched.set(fd, { token, interest, mode, armed: interest });
  }

  reregister(fd: number, token: Token, interest: Interest, mode: Mode): void {
    const watched = this.#find("watch a socket otherwise", fd);
    Object.assign(watched, { token, interest, mode, armed: interest });
  }

  deregister(fd: number): void {
    this.#find("watch a socket no more", fd);
    this.#watched.delete(fd);
  }

  blocked(fd: number, interest: Interest): void {
    const watched = this.#watched.get(fd);
    if (watched?.mode === "edge") watched.armed |= watched.interest & interest;
  }

  /** @throws {Error} When it would wait for ever: nothing is on its way to anybody. */
  select(events: Events, timeout: number | null): void {
    const ms = wholeMilliseconds(timeout);
    const until = ms < 0 ? Number.POSITIVE_INFINITY : this.#world.now + ms;
    while (!this.#woken && this.#look(events) === 0 && this.#world.now < until) {
      const next = this.#world.nextChange(this.#watched.keys());
      const time = Math.min(next, until);
      if (time === Number.POSITIVE_INFINITY) {
        throw new Error("Cannot wait for ever: nothing is on its way to anybody");
      }
      this.#world.goOnTo(time);
    }
    if (this.#woken && events.length < events.capacity) this.#look(events);
    this.#woken = false;
  }

  openWake(): WakeHandle {
    return this.#wake;
  }

  close(): void {
    this.#watched.clear();
  }

  /** @returns How many it found ready, whether there was room for them or not. */
  #look(events: Events): number {
    let found = 0;
    for (const [fd, watched] of [...this.#watched]) {
      const ready = wanted(this.#world.ready(fd), watched.armed);
      if (ready === 0) continue;
      found += 1;
      if (!events.push(watched.token, ready)) continue;
      // To the end of the line: who found no room is the first next time.
      this.#watched.delete(fd);
      this.#watched.set(fd, watched);
      if (watched.mode === "level") continue;
      if (watched.mode === "oneshot" || ready & READY.error) watched.armed = 0;
      if (ready & READY.readable) watched.armed &= ~READABLE;
      if (ready & READY.writable) watched.armed &= ~WRITABLE;
    }
    return found;
  }

  #find(what: string, fd: number): Watched {
    const watched = this.#watched.get(fd);
    if (watched === undefined) throw new SysError(what, constants.errno.ENOENT);
    return watched;
  }
}

/** What of a socket's bits is told to somebody with that interest. */
function wanted(ready: Ready, armed: Interest): Ready {
  const hidden =
    (armed & READABLE ? 0 : READY.readable | READY.readClosed) |
    (armed & WRITABLE ? 0 : READY.writable);
  const told = ready & ~hidden;
  return armed === 0 ? 0 : told;
}
