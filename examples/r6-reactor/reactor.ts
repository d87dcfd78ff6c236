// r6-reactor: who waits for what.
import { SysError } from "../shared/poll/ffi.ts";
import type { Events } from "../shared/poll/readiness/events.ts";
import type { Interest } from "../shared/poll/readiness/interest.ts";
import type { Poll, Source } from "../shared/poll/readiness/poll.ts";
import type { Waker } from "../shared/poll/readiness/waker.ts";
import { reservedToken, Slab, type Token } from "../shared/poll/token.ts";
import { type EventHandler, HAPPENED, type Happened } from "./handler.ts";

const WAKER = reservedToken(0);

/** A registration that the kernel does not know yet, or an end of one. */
interface Change {
  readonly source: Source;
  /** Undefined: it is to be watched no more. */
  readonly handler: EventHandler | undefined;
  readonly token: Token;
  readonly interest: Interest;
}

/** Gets what has happened to a handler: the loop. */
type Happen = (handler: EventHandler, happened: Happened) => void;

/**
 * Knows the handler of each event. What is registered during a turn reaches the kernel at its
 * end, all at once: a client that came and went meanwhile costs no call.
 *
 * ```text
 *   register(ann) ─┐                            ┌─► epoll_ctl
 *   register(bob) ─┼─► changes ─── apply() ─────┤
 *   bob closes ────┘                            └─  (nothing for bob)
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

  /** @throws {Error} When the poll has a waker already. */
  constructor(poll: Poll) {
    this.#poll = poll;
    this.waker = poll.openWaker(WAKER);
  }

  /**
   * From the end of this turn on the handler gets what happens to the source. Edge-triggered.
   *
   * @returns What ends it: `unregister`. The number is this handler's alone.
   */
  register(handler: EventHandler, source: Source, interest: Interest): Token {
    const token = this.#handlers.add(handler);
    this.#changes.push({ source, handler, token, interest });
    return token;
  }

  /** It gets nothing more, also of what is on its way. Its source may be closed, or go on. */
  unregister(token: Token, source: Source): void {
    this.#handlers.remove(token);
    this.#changes.push({ source, handler: undefined, token, interest: 0 });
  }

  /** The handler gets a message whenever another thread wakes us. */
  onWake(handler: EventHandler): void {
    this.#onWake.push(handler);
  }

  /** The handler of a token, while it is registered. */
  handlerOf(token: Token): EventHandler | undefined {
    return this.#handlers.get(token);
  }

  /** Says of each event to whom it has happened. */
  dispatch(events: Events, happen: Happen): void {
    for (let event = 0; event < events.length; event += 1) {
      const token = events.token(event);
      const handler = this.#handlers.get(token);
      if (handler) happen(handler, events.ready(event));
      else if (token === WAKER) {
        for (const handler of this.#onWake) happen(handler, HAPPENED.message);
      }
    }
  }

  /** Lets the kernel know what has changed. A handler that cannot be watched is notified. */
  apply(happen: Happen): void {
    if (this.#changes.length === 0) return;
    const changes = this.#changes;
    this.#changes = [];
    const { registry } = this.#poll;
    for (const { source, handler, token, interest } of changes) {
      // A source that was closed has left the poll by itself.
      if (source.closed) continue;
      if (handler === undefined) {
        if (source.watcher) registry.deregister(source);
        continue;
      }
      // It was taken back in the same turn.
      if (this.#handlers.get(token) !== handler) continue;
      try {
        registry.register(source, token, interest);
      } catch (error) {
        if (!(error instanceof SysError)) throw error;
        happen(handler, HAPPENED.unwatched);
      }
    }
  }
}
