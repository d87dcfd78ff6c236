// r6-reactor: the interface of everything that the loop runs.
import { READY, type Ready } from "../shared/poll/readiness/events.ts";
import { type Timed, UNTIMED } from "../shared/timers.ts";

/** What has made a handler ready since its last turn, as bits. */
export const READINESS = {
  /** The readiness of its socket: several bits. */
  ...READY,
  /** Its timer has expired. */
  time: 32,
  /** Another part of the program has something for it. */
  message: 64,
  /** It did not finish in its last turn. */
  turn: 128,
  /** The kernel has no room to watch its source (ENOSPC, ENOMEM). */
  unwatched: 256,
} as const;

/** A set of bits of `READINESS`. */
export type Readiness = Ready;

/**
 * A listener, a client, the files, a signal: the loop treats them all alike.
 */
export abstract class EventHandler implements Timed {
  /** For the loop: what has not been handled yet. The handler is queued if there are any. */
  readiness: Readiness = 0;
  // For the timers.
  due = UNTIMED.due;
  list = UNTIMED.list;
  before = UNTIMED.before;
  after = UNTIMED.after;

  /**
   * Runs until it would block, or until its budget is used up.
   *
   * @param readiness All events since the last call, coalesced into one turn.
   * @returns Whether there is more to do; if so, it gets another turn after the others.
   */
  abstract handle(readiness: Readiness): boolean;
}
