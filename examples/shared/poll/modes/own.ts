// A loop that owns its thread: nothing else runs there until it ends.
import type { Events } from "../readiness/events.ts";
import type { Poll } from "../readiness/poll.ts";
import { dueAfter, leftUntil, type Turn } from "./turn.ts";

/**
 * Waits and calls `turn`, again and again, until it says "end".
 *
 * Node is dead meanwhile, in this thread: no timer fires, no promise goes on, no handler of a
 * signal is called. On the main thread Ctrl-C ends the process as long as nobody handles it,
 * by the signal's own default; a handler would hold it up forever.
 *
 * @param events Where the events come; the turn gets it.
 * @param wait How long the first wait may last, in milliseconds; null forever.
 * @throws What the turn throws.
 */
export function runLoop(
  poll: Poll,
  events: Events,
  turn: Turn,
  wait: number | null = null,
): void {
  for (let due = dueAfter(wait); ; ) {
    poll.poll(events, leftUntil(due));
    // A signal has ended the wait, or a wake that was reported already.
    if (events.length === 0 && leftUntil(due) > 0) continue;
    const next = turn(events);
    if (next === "end") return;
    due = dueAfter(next);
  }
}
