// A loop that is a guest of Node's, on the main thread: our poll does the waiting for both,
// and Node's timers, promises, signals and messages go on.
import type { Events } from "../readiness/events.ts";
import { READABLE } from "../readiness/interest.ts";
import type { Poll } from "../readiness/poll.ts";
import { NODE_TOKEN } from "../token.ts";
import { NodeLoop } from "./node-loop.ts";
import { dueAfter, leftUntil, type Turn } from "./turn.ts";

/** The longest that a timer of Node's may be, in milliseconds: 24 days. */
const LONGEST = 2 ** 31 - 1;

/**
 * Waits and calls `turn`, again and again, until it says "end". Between two turns Node has a
 * round of its own, in which all that it has to do is done. What a turn leaves to promises
 * and to `process.nextTick` runs right after it.
 *
 * ```text
 *        ┌────────────────────── a round of libuv ───────────────────────┐
 *   ───► poll: takes what has happened,  ──► check: setImmediate ──► timers ───►
 *        and does not sleep: an                  │
 *        immediate is pending                    └─► we: sleep, then a turn
 * ```
 *
 * A thread can sleep in one place only, and here it is ours. libuv's descriptor is among
 * those that we watch, and we sleep no longer than libuv would.
 *
 * One guest at a time: of two, each takes the other for something to be done at once.
 *
 * @param events Where the events come; the turn gets it.
 * @param wait How long the first wait may last, in milliseconds; null forever.
 * @returns Settles when the turn has said "end"; nothing of the loop keeps the process then.
 * @throws {Error} On Windows, in a worker, and where Node does not show its libuv; what the
 *   turn throws.
 */
export async function runAsGuest(
  poll: Poll,
  events: Events,
  turn: Turn,
  wait: number | null = null,
): Promise<void> {
  const node = new NodeLoop();
  poll.registry.register(node, NODE_TOKEN, READABLE, "level");
  // When nothing is alive, libuv does not sleep either: it would end.
  const alive = setInterval(() => {}, LONGEST);
  let due = dueAfter(wait);
  try {
    // #region round
    await everyRound(() => {
      poll.poll(events, Math.min(node.rest(), leftUntil(due)));
      events.remove(NODE_TOKEN);
      if (events.length === 0 && leftUntil(due) > 0) return undefined;
      const next = turn(events);
      if (next !== "end") due = dueAfter(next);
      return next;
    });
    // #endregion round
  } finally {
    clearInterval(alive);
    poll.registry.deregister(node);
  }
}

/**
 * Calls a function in each round of libuv, until it says "end". While an immediate is pending
 * libuv does not sleep, and says that it has no time to. So there are two: ours, which does
 * not count; and one that does, and that is taken away before we ask how much time there is.
 *
 * It is no loop with an `await`: we would sleep amid the microtasks, and hold up the others.
 */
function everyRound(call: () => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    let haste: NodeJS.Immediate | undefined;
    const round = () => {
      clearImmediate(haste);
      try {
        if (call() === "end") resolve();
        else comeBack();
      } catch (error) {
        reject(error);
      }
    };
    const comeBack = () => {
      setImmediate(round).unref();
      haste = setImmediate(() => {});
    };
    comeBack();
  });
}
