// What the three modes have in common: a loop waits, and calls a turn.
import type { Events } from "../readiness/events.ts";

/**
 * Handles the events of a wait. Called without events only when the timeout that it
 * returned has expired.
 *
 * @param events Refilled by the next wait; do not keep it.
 * @returns The timeout of the next wait in milliseconds, 0 or more; null for none; or "end"
 *   when this was the last turn. An exception ends the loop, too.
 */
export type Turn = (events: Events) => number | null | "end";

/** The deadline of a wait that starts now, on the clock of `performance.now()`. */
export function dueAfter(wait: number | null): number {
  return wait === null ? Number.POSITIVE_INFINITY : performance.now() + wait;
}

/** The time left until a deadline, in milliseconds, never less than 0. */
export function leftUntil(due: number): number {
  return Math.max(0, due - performance.now());
}
