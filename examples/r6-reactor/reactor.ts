// r6-reactor: the reactor, which knows the handler of each event.
import { SysError } from "../shared/poll/ffi.ts";
import type { Events } from "../shared/poll/readiness/events.ts";
import type { Interest } from "../shared/poll/readiness/interest.ts";
import type { Poll, Source } from "../shared/poll/readiness/poll.ts";
import type { Waker } from "../shared/poll/readiness/waker.ts";
import { reservedToken, Slab, type Token } from "../shared/poll/token.ts";
import { type EventHandler, READINESS, type Readiness } from "./handler.ts";

const WAKER = reservedToken(0);

/** A registration, or the end of one, that the kernel does not know of yet. */
interface Change {
  readonly source: Source;
  /** Undefined ends the registration. */
  readonly handler: EventHandler | undefined;
  readonly token: Token;
  readonly interest: Interest;
}

/** The loop's callback, which queues a handler with what has made it ready. */
type Notify = (handler: EventHandler, readiness: Readiness) => void;

/**
 * Maps events to handlers. Changes made during a turn reach the kernel at its end, in one
 * batch, so a client that is dropped in the turn that accepted it costs no system call.
 *
 * ```text
 *   register(ann) ───┐                            ┌─► epoll_ctl
 *   register(bob) ───┼─► changes ─── apply() ─────┤
 *   unregister(bob) ─┘                            └─  (nothing for bob)
 *
 *   epoll_wait ─► token ─► slab ─► handler ─► the loop's queue
 * ```
 */
export class Reactor {
  /** Wakes the poll from another thread. */
  readonly waker: Waker;
  readonly #poll: Poll;
  readonly #handlers = new Slab<EventHandler>();
  readonly #onWake: EventHandler[] = [];
  #changes: Change[] = [];

  /** @throws {Error} If the poll already has a waker. */
  constructor(poll: Poll) {
    this.#poll = poll;
    this.waker = poll.openWaker(WAKER);
  }

  /**
   * Registers a handler for a source, edge-triggered, from the end of this turn on.
   *
   * @returns The token for `unregister`. No other registration has it.
   */
  register(handler: EventHandler, source: Source, interest: Interest): Token {
    const token = this.#handlers.add(handler);
    this.#changes.push({ source, handler, token, interest });
    return token;
  }

  /** Ends a registration. Events in flight are dropped. The source need not be closed. */
  unregister(token: Token, source: Source): void {
    this.#handlers.remove(token);
    this.#changes.push({ source, handler: undefined, token, interest: 0 });
  }

  /** Notifies the handler with `message` whenever another thread wakes the poll. */
  onWake(handler: EventHandler): void {
    this.#onWake.push(handler);
  }

  /** Returns the handler of a token, or undefined if it is no longer registered. */
  handlerOf(token: Token): EventHandler | undefined {
    return this.#handlers.get(token);
  }

  /** Reports each event, through `notify`, to the handler registered for it. */
  dispatch(events: Events, notify: Notify): void {
    for (let event = 0; event < events.length; event += 1) {
      const token = events.token(event);
      const handler = this.#handlers.get(token);
      if (handler) notify(handler, events.ready(event));
      else if (token === WAKER) {
        for (const handler of this.#onWake) notify(handler, READINESS.message);
      }
    }
  }

  /** Applies the changes in the kernel. On failure the handler gets `unwatched`. */
  apply(notify: Notify): void {
    if (this.#changes.length === 0) return;
    const changes = this.#changes;
    this.#changes = [];
    const { registry } = this.#poll;
    for (const { source, handler, token, interest } of changes) {
      // A closed source has already left the poll.
      if (source.closed) continue;
      if (handler === undefined) {
        if (source.watcher) registry.deregister(source);
        continue;
      }
      // It was unregistered in the same turn.
      if (this.#handlers.get(token) !== handler) continue;
      try {
        registry.register(source, token, interest);
      } catch (error) {
        if (!(error instanceof SysError)) throw error;
        notify(handler, READINESS.unwatched);
      }
    }
  }
}
