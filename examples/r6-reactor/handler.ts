// r6-reactor: what the loop runs. Whatever it is, it has one method.
import { READY, type Ready } from "../shared/poll/readiness/events.ts";
import { type Timed, UNTIMED } from "../shared/timers.ts";

/** What has happened to a handler since its last turn, as bits. */
export const HAPPENED = {
  /** What the kernel says of its socket: several bits. */
  ...READY,
  /** Its timer is over. */
  time: 32,
  /** Another part of the program has something for it. */
  message: 64,
  /** It had not finished, and it is its turn again. */
  turn: 128,
  /** The kernel has no room to watch its socket (ENOSPC, ENOMEM). */
  unwatched: 256,
} as const;

/** A set of bits of `HAPPENED`. */
export type Happened = Ready;

/**
 * A listener, a client, the files, a signal: the loop cannot tell one from another.
 */
export abstract class EventHandler implements Timed {
  /** For the loop: what it has not handled yet; it is in the queue when there is something. */
  happened: Happened = 0;
  // For the timers.
  due = UNTIMED.due;
  list = UNTIMED.list;
  before = UNTIMED.before;
  after = UNTIMED.after;

  /**
   * Goes as far as it can without waiting, but no further than its budget.
   *
   * @param happened All that has happened since the last call: one turn for many events.
   * @returns Whether there is more to do: then it gets another turn, after the others.
   */
  abstract handle(happened: Happened): boolean;
}
