// Waits in a simulated network: when nothing is ready, its clock jumps to the next change.
import { constants } from "node:os";
import { SysError } from "../../../examples/shared/poll/ffi.ts";
import {
  type Events,
  READY,
  type Ready,
} from "../../../examples/shared/poll/readiness/events.ts";
import {
  type Interest,
  type Mode,
  READABLE,
  WRITABLE,
} from "../../../examples/shared/poll/readiness/interest.ts";
import { Registration } from "../../../examples/shared/poll/readiness/registration.ts";
import {
  type Selector,
  type WakeHandle,
  wholeMilliseconds,
} from "../../../examples/shared/poll/readiness/selector.ts";
import type { Token } from "../../../examples/shared/poll/token.ts";

/** The network, as its selectors see it. */
export interface World {
  readonly now: number;
  has(fd: number): boolean;
  ready(fd: number): Ready;
  /** The time of the next change of one of them; Infinity for never. */
  nextChange(fds: Iterable<number>): number;
  /** Advances the clock; never sets it back. */
  advanceTo(time: number): void;
}

export class SimulatedSelector implements Selector {
  readonly name = "simulated";
  readonly #world: World;
  readonly #watched = new Map<number, Registration>();
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
    this.#watched.set(fd, new Registration(token, interest, mode));
  }

  reregister(fd: number, token: Token, interest: Interest, mode: Mode): void {
    this.#find("change a watched socket", fd).rearm(token, interest, mode);
  }

  deregister(fd: number): void {
    this.#find("stop watching a socket", fd);
    this.#watched.delete(fd);
  }

  blocked(fd: number, interest: Interest): void {
    this.#watched.get(fd)?.blocked(interest);
  }

  /** @throws {Error} When it would never return, because nothing is in flight. */
  select(events: Events, timeout: number | null): void {
    const ms = wholeMilliseconds(timeout);
    const until = ms < 0 ? Number.POSITIVE_INFINITY : this.#world.now + ms;
    while (!this.#woken && this.#look(events) === 0 && this.#world.now < until) {
      const next = this.#world.nextChange(this.#watched.keys());
      const time = Math.min(next, until);
      if (time === Number.POSITIVE_INFINITY) {
        throw new Error("Cannot wait without a timeout: nothing is in flight");
      }
      this.#world.advanceTo(time);
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

  /** @returns The number of ready sockets, including those without room in `events`. */
  #look(events: Events): number {
    let found = 0;
    for (const [fd, watched] of [...this.#watched]) {
      const ready = wanted(this.#world.ready(fd), watched);
      if (ready === 0) continue;
      found += 1;
      if (!events.push(watched.token, ready)) continue;
      // Move it to the back of the queue: those without room come first next time.
      this.#watched.delete(fd);
      this.#watched.set(fd, watched);
      watched.fired(ready);
    }
    return found;
  }

  #find(what: string, fd: number): Registration {
    const watched = this.#watched.get(fd);
    if (watched === undefined) throw new SysError(what, constants.errno.ENOENT);
    return watched;
  }
}

/** The bits of a socket's readiness that are reported now. */
function wanted(ready: Ready, { silent, armed, interest }: Registration): Ready {
  if (silent) return 0;
  // An error and the end of both directions are always reported, for the whole interest.
  const asked = ready & (READY.error | READY.writeClosed) ? interest : armed;
  const hidden =
    (asked & READABLE ? 0 : READY.readable | READY.readClosed) |
    (asked & WRITABLE ? 0 : READY.writable);
  return ready & ~hidden;
}
