// The poller that programs use, in the shape of Rust's mio: a Poll waits, and its Registry
// knows for what. Not there, beside mio: UDP, Unix sockets, pipes and child processes;
// peek, reads and writes of several buffers, waits of less than a millisecond.

import { constants } from "node:os";
import { SysError } from "../ffi.ts";
import type { Token } from "../token.ts";
import type { Events } from "./events.ts";
import type { Interest, Mode } from "./interest.ts";
import { READABLE, WRITABLE } from "./interest.ts";
import type { Selector } from "./selector.ts";
import { newSleepState, Sleep, Waker } from "./waker.ts";

/** What can be registered: `TcpStream`, `TcpListener`. */
export interface Source {
  readonly fd: number;
  /** It is closed: its descriptor may be another's. */
  readonly closed: boolean;
  /** Its place with a registry; undefined when it has none. */
  readonly watcher: Watcher | undefined;
  /** Reported by the registry. */
  watchedBy(watcher: Watcher | undefined): void;
}

/** What a source tells its registry. */
export interface Watcher {
  /** Its poll is closed: it watches nobody any more. */
  readonly closed: boolean;
  deregister(source: Source): void;
  blocked(source: Source, interest: Interest): void;
}

/**
 * Who waits for what. It belongs to its thread: another asks for a registration by a message
 * and a wake.
 */
export class Registry implements Watcher {
  readonly #selector: Selector;
  readonly #isClosed: () => boolean;

  /** Given by a `Poll`. */
  constructor(selector: Selector, isClosed: () => boolean) {
    this.#selector = selector;
    this.#isClosed = isClosed;
  }

  get closed(): boolean {
    return this.#isClosed();
  }

  /**
   * Events of `source` come from now on, each with `token`; also what is so already.
   *
   * @param mode Edge-triggered unless you say otherwise (`Mode` says why): then read,
   *   write or accept until "blocked", or no event may ever come again.
   * @throws {SysError} EEXIST when it is registered, here or elsewhere; EBADF when it or the
   *   poll is closed; ENOSPC, ENOMEM and the like when the kernel has no room. Then it is not
   *   registered: close it, and go on with the others.
   */
  register(source: Source, token: Token, interest: Interest, mode: Mode = "edge"): void {
    check(token, interest);
    this.#open(source);
    if (source.watcher?.closed === false) {
      throw new SysError("watch a socket twice", constants.errno.EEXIST);
    }
    this.#selector.register(source.fd, token, interest, mode);
    try {
      source.watchedBy(this);
    } catch (error) {
      this.#selector.deregister(source.fd);
      throw error;
    }
  }

  /**
   * Puts token, interest and mode in the place of the old ones. What is ready already is
   * reported again, in each mode. So a program that stops before "blocked", to let others
   * have their turn, reregisters: that is the end of the line.
   *
   * @throws {SysError} ENOENT when it is not registered here; EBADF when it or the poll is
   *   closed.
   */
  reregister(
    source: Source,
    token: Token,
    interest: Interest,
    mode: Mode = "edge",
  ): void {
    check(token, interest);
    this.#open(source);
    this.#mine(source);
    this.#selector.reregister(source.fd, token, interest, mode);
  }

  /** No event of it comes after this. @throws {SysError} ENOENT when it is not registered. */
  deregister(source: Source): void {
    this.#mine(source);
    source.watchedBy(undefined);
    if (!this.closed) this.#selector.deregister(source.fd);
  }

  blocked(source: Source, interest: Interest): void {
    if (!this.closed) this.#selector.blocked(source.fd, interest);
  }

  #open({ closed }: Source): void {
    if (closed) refuse("watch a socket that is closed");
    if (this.closed) refuse("watch with a poll that is closed");
  }

  #mine(source: Source): void {
    if (source.watcher === this) return;
    throw new SysError("find a socket that is not watched", constants.errno.ENOENT);
  }
}

/** Waits for whatever its registry knows of. */
export class Poll {
  readonly registry: Registry;
  readonly #selector: Selector;
  #sleep: Sleep | undefined;
  #closed = false;

  /** @param selector Ours from now on; `openPoll` chooses one. */
  constructor(selector: Selector) {
    this.#selector = selector;
    this.registry = new Registry(selector, () => this.#closed);
  }

  /** Which kernel interface it waits with. */
  get name(): string {
    return this.#selector.name;
  }

  /**
   * Waits until there are events, or the time is up. It may come back before, without any:
   * a signal came, or a wake was on its way that an earlier wait has reported.
   *
   * @param events Refilled by each call.
   * @param timeout Milliseconds, rounded up; 0 does not wait; null waits forever.
   * @throws {RangeError} When the timeout is negative.
   * @throws {SysError} EBADF when it is closed.
   */
  poll(events: Events, timeout: number | null): void {
    if (this.#closed) refuse("wait with a poll that is closed");
    events.clear();
    if (this.#sleep) this.#sleep.around(events, timeout, this.#selector);
    else this.#selector.select(events, timeout);
  }

  /**
   * What wakes this poll from another thread, or from this one.
   *
   * @param token Of the events that it makes.
   * @throws {Error} When there is one: its `shared` makes as many as are needed.
   * @throws {SysError} EBADF when it is closed.
   */
  openWaker(token: Token): Waker {
    if (this.#closed) refuse("wake a poll that is closed");
    if (this.#sleep) throw new Error("Cannot open a second waker: there is one already");
    const state = newSleepState();
    const handle = this.#selector.openWake();
    this.#sleep = new Sleep(state, token);
    return new Waker(handle, state);
  }

  /** Its sources stay open, and may go to another poll. Twice is once. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#sleep?.close();
    this.#selector.close();
  }
}

function refuse(what: string): never {
  throw new SysError(what, constants.errno.EBADF);
}

function check(token: Token, interest: Interest): void {
  if ((token | 0) !== token || token < 0) {
    throw new RangeError(`Cannot use the token ${token}: it must be a number of 31 bits`);
  }
  if (interest < READABLE || interest > (READABLE | WRITABLE) || interest % 1 !== 0) {
    throw new RangeError(`Cannot watch for ${interest}: READABLE, WRITABLE or both`);
  }
}
