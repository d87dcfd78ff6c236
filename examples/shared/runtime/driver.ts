// The driver: turns the events of a poll into wakes for the tasks that wait for them.

import { SysError } from "../poll/ffi.ts";
import type { Events } from "../poll/readiness/events.ts";
import { type Interest, READABLE, WRITABLE } from "../poll/readiness/interest.ts";
import type { Poll, Source } from "../poll/readiness/poll.ts";
import { Slab, type Token } from "../poll/token.ts";
import type { Waker } from "./future.ts";

/** A registered socket: which tasks wait for it, and what its events have reported. */
export class Place {
  /** The waker of the task that reads or accepts. */
  reader: Waker | undefined;
  /** The waker of the task that writes or connects. */
  writer: Waker | undefined;
  /** The waker of the task that waits until no write can reach the peer any more. */
  mourner: Waker | undefined;
  /** It has become writable: a pending connect has succeeded or failed. */
  isSettled = false;
  /** The socket is drained: reading again is pointless before the next event. */
  isDrained = false;
  /** The peer has finished sending. */
  isFinished = false;
  /** No write can reach the peer any more. */
  isGone = false;
  readonly #places: Slab<Place>;
  readonly token: Token;

  constructor(places: Slab<Place>) {
    this.#places = places;
    this.token = places.add(this);
  }

  /** Frees the place and wakes the waiting tasks, which will find the socket closed. */
  leave(): void {
    this.#places.remove(this.token);
    this.reader?.wake();
    this.writer?.wake();
    this.mourner?.wake();
  }
}

/**
 * The sockets of a loop. Each is registered once and edge-triggered, a stream for both
 * directions. Waiting for one only stores a waker, and costs no system call.
 */
export class Driver {
  readonly #poll: Poll;
  readonly #places = new Slab<Place>();

  constructor(poll: Poll) {
    this.#poll = poll;
  }

  /** How many sockets it watches. */
  get size(): number {
    return this.#places.size;
  }

  /**
   * Watches a socket until `leave` is called on its place. The socket leaves the poll by
   * itself when it is closed.
   *
   * @returns Undefined when the kernel has no room for it (ENOSPC, ENOMEM).
   */
  watch(source: Source, interest: Interest = READABLE | WRITABLE): Place | undefined {
    const place = new Place(this.#places);
    try {
      this.#poll.registry.register(source, place.token, interest);
      return place;
    } catch (error) {
      this.#places.remove(place.token);
      if (error instanceof SysError) return undefined;
      throw error;
    }
  }

  /** Wakes the tasks that the events are for. */
  deliver(events: Events): void {
    for (let event = 0; event < events.length; event += 1) {
      const place = this.#places.get(events.token(event));
      if (place === undefined) continue;
      const isGone = events.isWriteClosed(event);
      if (isGone) {
        place.isGone = true;
        place.mourner?.wake();
      }
      place.isFinished ||= events.isReadClosed(event);
      if (isGone || place.isFinished || events.isReadable(event)) {
        place.isDrained = false;
        place.reader?.wake();
      }
      if (isGone || events.isWritable(event)) {
        place.isSettled = true;
        place.writer?.wake();
      }
    }
  }
}
