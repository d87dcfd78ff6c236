// A loop that is a guest of Node's, on the main thread: our poll waits for both, and Node's
// timers, promises, signals and messages keep working.
import type { Events } from "../readiness/events.ts";
import { READABLE } from "../readiness/interest.ts";
import type { Poll } from "../readiness/poll.ts";
import { NODE_TOKEN } from "../token.ts";
import { NodeLoop } from "./node-loop.ts";
import { dueAfter, leftUntil, type Turn } from "./turn.ts";

/** The longest delay of a Node timer, in milliseconds: 24 days. */
const MAX_DELAY = 2 ** 31 - 1;

/**
 * Waits and calls `turn` repeatedly, until it returns "end". Between two turns Node runs
 * one round of its own loop, with all its pending work. The promises and `process.nextTick`
 * callbacks of a turn run right after it.
 *
 * ```text
 *        ┌────────────────────── a round of libuv ───────────────────────┐
 *   ───► poll: collects its events, and  ──► check: setImmediate ──► timers ───►
 *        does not sleep, because an              │
 *        immediate is pending                    └─► we: sleep, then a turn
 * ```
 *
 * A thread can sleep in one place only, and here it is our poll. It watches libuv's
 * descriptor too, and sleeps no longer than libuv would.
 *
 * One guest at a time: each of two would keep the other from sleeping.
 *
 * @param events Refilled by each wait, and passed to the turn.
 * @param wait The timeout of the first wait, in milliseconds; null for none.
 * @returns Settles when the turn has returned "end"; the loop then no longer keeps the
 *   process alive.
 * @throws {Error} On Windows, in a worker, and where Node does not export libuv; whatever
 *   the turn throws.
 */
export async function runAsGuest(
  poll: Poll,
  events: Events,
  turn: Turn,
  wait: number | null = null,
): Promise<void> {
  const node = new NodeLoop();
  poll.registry.register(node, NODE_TOKEN, READABLE, "level");
  // Without a live handle libuv would not sleep, because its loop would end.
  const alive = setInterval(() => {}, MAX_DELAY);
  let due = dueAfter(wait);
  try {
    // #region round
    await everyRound(() => {
      poll.poll(events, Math.min(node.timeout(), leftUntil(due)));
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
 * Calls a function in each round of libuv, until it returns "end". While a ref'd immediate
 * is pending, libuv does not sleep, and its timeout is 0. So there are two: an unref'd one,
 * which calls us, and a ref'd one, which is cleared before we ask for the timeout.
 *
 * A loop with `await` would sleep among the microtasks, and hold up the others.
 */
function everyRound(call: () => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    let keepAwake: NodeJS.Immediate | undefined;
    const round = () => {
      clearImmediate(keepAwake);
      try {
        if (call() === "end") resolve();
        else scheduleRound();
      } catch (error) {
        reject(error);
      }
    };
    const scheduleRound = () => {
      setImmediate(round).unref();
      keepAwake = setImmediate(() => {});
    };
    scheduleRound();
  });
}
