// A loop that owns its thread: nothing else runs there until it ends.
import type { Events } from "../readiness/events.ts";
import type { Poll } from "../readiness/poll.ts";
import { dueAfter, leftUntil, type Turn } from "./turn.ts";

/**
 * Waits and calls `turn` repeatedly, until it returns "end".
 *
 * Until then Node does not run in this thread: no timer fires, no promise continues, no
 * signal handler is called. On the main thread Ctrl-C ends the process by the signal's
 * default action, unless a handler is installed: then the signal has no effect.
 *
 * @param events Refilled by each wait, and passed to the turn.
 * @param wait The timeout of the first wait, in milliseconds; null for none.
 * @throws Whatever the turn throws.
 */
export function runLoop(
  poll: Poll,
  events: Events,
  turn: Turn,
  wait: number | null = null,
): void {
  for (let due = dueAfter(wait); ; ) {
    poll.poll(events, leftUntil(due));
    // The wait was ended by a signal, or by a wake that was already reported.
    if (events.length === 0 && leftUntil(due) > 0) continue;
    const next = turn(events);
    if (next === "end") return;
    due = dueAfter(next);
  }
}
