// The driver: turns the events of a poll into wakes of the tasks that wait for them.

import { SysError } from "../poll/ffi.ts";
import type { Events } from "../poll/readiness/events.ts";
import { type Interest, READABLE, WRITABLE } from "../poll/readiness/interest.ts";
import type { Poll, Source } from "../poll/readiness/poll.ts";
import { Slab, type Token } from "../poll/token.ts";
import type { Waker } from "./future.ts";

/** What waits at one socket. */
export class Place {
  /** Of the task that reads or accepts. */
  reader: Waker | undefined;
  /** Of the task that writes, or connects. */
  writer: Waker | undefined;
  /** Of the task that would like to know when nothing it writes arrives any more. */
  mourner: Waker | undefined;
  /** There was an event: a connection that was begun is made, or has failed. */
  isSettled = false;
  /** All that was there has been read: no need to ask before the next event. */
  isDrained = false;
  /** The peer has finished sending. */
  isFinished = false;
  /** Nothing that we write arrives any more. */
  isGone = false;
  readonly #places: Slab<Place>;
  readonly token: Token;

  constructor(places: Slab<Place>) {
    this.#places = places;
    this.token = places.add(this);
  }

  /** Gives the place back, and wakes the task that waits: the socket is about to be closed. */
  leave(): void {
    this.#places.remove(this.token);
    this.reader?.wake();
    this.writer?.wake();
    this.mourner?.wake();
  }
}

/**
 * The sockets of a loop. Each is registered once, for both directions and edge-triggered: to
 * wait for it is to put a waker there, which costs no call of the kernel.
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
   * Watches a socket until its place is left; the socket leaves the poll by itself when it is
   * closed.
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

  /** Wakes those for whom there is an event. */
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
