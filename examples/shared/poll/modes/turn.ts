// What the three modes have in common: a loop waits, and calls a turn.
import type { Events } from "../readiness/events.ts";

/**
 * Handles what a wait has brought. It is called with the events; with none when the time that
 * it asked for is up, and not otherwise.
 *
 * @param events Refilled by the next turn: keep nothing of it.
 * @returns How long the next wait may last at most, in milliseconds, 0 or more; null for
 *   ever; or that this was the last turn. What it throws ends the loop, too.
 */
export type Turn = (events: Events) => number | null | "end";

/** When a wait that lasts so long is over, as `performance.now()` counts. */
export function dueAfter(wait: number | null): number {
  return wait === null ? Number.POSITIVE_INFINITY : performance.now() + wait;
}

/** How long it is until then: in milliseconds, and never less than 0. */
export function leftUntil(due: number): number {
  return Math.max(0, due - performance.now());
}
