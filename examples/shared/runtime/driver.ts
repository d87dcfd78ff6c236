// The driver: turns the events of a poll into wakes for the tasks that wait for them.

import { SysError } from "../poll/ffi.ts";
import type { Events } from "../poll/readiness/events.ts";
import { type Interest, READABLE, WRITABLE } from "../poll/readiness/interest.ts";
import type { Poll, Source } from "../poll/readiness/poll.ts";
import { Slab, type Token } from "../poll/token.ts";
import type { Waker } from "./future.ts";

/** A registered socket: which tasks wait for it, and what its events have reported. */
export class Registration {
  /** The waker of the task that reads or accepts. */
  reader: Waker | undefined;
  /** The waker of the task that writes or connects. */
  writer: Waker | undefined;
  /** The waker of the task that waits until no write can reach the peer any more. */
  closeWaiter: Waker | undefined;
  /** It has become writable: a pending connect has succeeded or failed. */
  isSettled = false;
  /** The socket is drained: reading again is pointless before the next event. */
  isDrained = false;
  /** The peer has finished sending. */
  isReadClosed = false;
  /** No write can reach the peer any more. */
  isWriteClosed = false;
  readonly #registrations: Slab<Registration>;
  readonly token: Token;

  constructor(registrations: Slab<Registration>) {
    this.#registrations = registrations;
    this.token = registrations.add(this);
  }

  /** Frees it and wakes the waiting tasks, which will find the socket closed. */
  release(): void {
    this.#registrations.remove(this.token);
    this.reader?.wake();
    this.writer?.wake();
    this.closeWaiter?.wake();
  }
}

/**
 * The sockets of a loop. Each is registered once and edge-triggered, a stream for both
 * directions. Waiting for one only stores a waker, and costs no system call.
 */
export class Driver {
  readonly #poll: Poll;
  readonly #registrations = new Slab<Registration>();

  constructor(poll: Poll) {
    this.#poll = poll;
  }

  /** How many sockets it watches. */
  get size(): number {
    return this.#registrations.size;
  }

  /**
   * Watches a socket until `release` is called on its registration. The socket leaves the
   * poll by itself when it is closed.
   *
   * @returns Undefined when the kernel has no room for it (ENOSPC, ENOMEM).
   */
  watch(
    source: Source,
    interest: Interest = READABLE | WRITABLE,
  ): Registration | undefined {
    const registration = new Registration(this.#registrations);
    try {
      this.#poll.registry.register(source, registration.token, interest);
      return registration;
    } catch (error) {
      this.#registrations.remove(registration.token);
      if (error instanceof SysError) return undefined;
      throw error;
    }
  }

  /** Wakes the tasks that the events are for. */
  deliver(events: Events): void {
    for (let event = 0; event < events.length; event += 1) {
      const registration = this.#registrations.get(events.token(event));
      if (registration === undefined) continue;
      const isWriteClosed = events.isWriteClosed(event);
      if (isWriteClosed) {
        registration.isWriteClosed = true;
        registration.closeWaiter?.wake();
      }
      registration.isReadClosed ||= events.isReadClosed(event);
      if (isWriteClosed || registration.isReadClosed || events.isReadable(event)) {
        registration.isDrained = false;
        registration.reader?.wake();
      }
      if (isWriteClosed || events.isWritable(event)) {
        registration.isSettled = true;
        registration.writer?.wake();
      }
    }
  }
}
