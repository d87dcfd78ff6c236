// The poller that programs use, modelled on Rust's mio: a Poll waits, and its Registry
// knows for what. Missing compared with mio: UDP, Unix sockets, pipes and child processes;
// peek, vectored reads and writes, timeouts of less than a millisecond.

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
  /** Whether it is closed; its descriptor may then belong to another socket. */
  readonly closed: boolean;
  /** The registry that watches it; undefined when none does. */
  readonly watcher: Watcher | undefined;
  /** Called by the registry when it starts or stops watching. */
  setWatcher(watcher: Watcher | undefined): void;
}

/** What a source calls on its registry. */
export interface Watcher {
  /** Whether its poll is closed; it then watches nothing. */
  readonly closed: boolean;
  deregister(source: Source): void;
  blocked(source: Source, interest: Interest): void;
}

/**
 * The sources of a poll and their interests. Belongs to one thread: another thread requests
 * a registration with a message and a wake.
 */
export class Registry implements Watcher {
  readonly #selector: Selector;
  readonly #isClosed: () => boolean;

  /** Created by `Poll`. */
  constructor(selector: Selector, isClosed: () => boolean) {
    this.#selector = selector;
    this.#isClosed = isClosed;
  }

  get closed(): boolean {
    return this.#isClosed();
  }

  /**
   * Starts reporting events of `source`, each with `token`. Existing readiness is reported
   * too.
   *
   * @param mode Edge-triggered by default (`Mode` explains why): then read, write or accept
   *   until "blocked", or there may never be another event.
   * @throws {SysError} EEXIST when it is already registered, here or elsewhere; EBADF when
   *   it or the poll is closed; ENOSPC, ENOMEM and others when the kernel has no room. The
   *   source is then not registered: close it, and carry on with the others.
   */
  register(source: Source, token: Token, interest: Interest, mode: Mode = "edge"): void {
    check(token, interest);
    this.#checkOpen(source);
    if (source.watcher?.closed === false) {
      throw new SysError("watch a socket twice", constants.errno.EEXIST);
    }
    this.#selector.register(source.fd, token, interest, mode);
    try {
      source.setWatcher(this);
    } catch (error) {
      this.#selector.deregister(source.fd);
      throw error;
    }
  }

  /**
   * Replaces token, interest and mode. Existing readiness is reported again, in every mode.
   * So a program that stops before "blocked", to give other sockets a turn, reregisters,
   * which puts the source at the back of the queue.
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
    this.#checkOpen(source);
    this.#checkRegistered(source);
    this.#selector.reregister(source.fd, token, interest, mode);
  }

  /** Stops all events of a source. @throws {SysError} ENOENT when it is not registered. */
  deregister(source: Source): void {
    this.#checkRegistered(source);
    source.setWatcher(undefined);
    if (!this.closed) this.#selector.deregister(source.fd);
  }

  blocked(source: Source, interest: Interest): void {
    if (!this.closed) this.#selector.blocked(source.fd, interest);
  }

  #checkOpen({ closed }: Source): void {
    if (closed) refuse("watch a socket that is closed");
    if (this.closed) refuse("watch with a poll that is closed");
  }

  #checkRegistered(source: Source): void {
    if (source.watcher === this) return;
    throw new SysError("find a socket that is not watched", constants.errno.ENOENT);
  }
}

/** Waits for events of the sources in its registry. */
export class Poll {
  readonly registry: Registry;
  readonly #selector: Selector;
  #sleep: Sleep | undefined;
  #closed = false;

  /** @param selector Takes ownership of it; `openPoll` chooses one. */
  constructor(selector: Selector) {
    this.#selector = selector;
    this.registry = new Registry(selector, () => this.#closed);
  }

  /** The kernel interface that it waits with, such as `epoll`. */
  get name(): string {
    return this.#selector.name;
  }

  /**
   * Waits until there are events or the timeout expires. It may return early without
   * events: after a signal, or when a late wake was already reported by an earlier wait.
   *
   * @param events Refilled by each call.
   * @param timeout Milliseconds, rounded up; 0 does not wait; null means no timeout.
   * @throws {RangeError} When the timeout is negative.
   * @throws {SysError} EBADF when it is closed.
   */
  poll(events: Events, timeout: number | null): void {
    if (this.#closed) refuse("wait with a poll that is closed");
    events.clear();
    if (this.#sleep) this.#sleep.wait(events, timeout, this.#selector);
    else this.#selector.select(events, timeout);
  }

  /**
   * Opens the waker, which wakes this poll from any thread.
   *
   * @param token The token of its events.
   * @throws {Error} When there is one already; its `shared` gives other threads their own.
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

  /** The sources stay open, and may be registered with another poll. Idempotent. */
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
    throw new RangeError(`Cannot use the token ${token}: it must be a 31-bit number`);
  }
  if (interest < READABLE || interest > (READABLE | WRITABLE) || interest % 1 !== 0) {
    throw new RangeError(`Cannot watch for ${interest}: READABLE, WRITABLE or both`);
  }
}
