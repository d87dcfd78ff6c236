// A loop that is a guest of Node's, on the main thread: our poll does the waiting for both,
// and Node's timers, promises, signals and messages go on.
import type { Events } from "../events.ts";
import { READABLE } from "../interest.ts";
import type { Poll } from "../poll.ts";
import type { Token } from "../token.ts";
import { NodeLoop } from "./node-loop.ts";
import { dueAfter, leftUntil, type Turn } from "./turn.ts";

/** The token of Node's own loop with our poll: the one that a program must leave to us. */
export const NODE_TOKEN: Token = 2 ** 31 - 2;
/** The longest that a timer of Node's may be, in milliseconds: 24 days. */
const LONGEST = 2 ** 31 - 1;

/**
 * Waits and calls `turn`, again and again, until it says "end". Between two turns Node has a
 * round of its own, in which all that it has to do is done. What a turn leaves to promises
 * and to `process.nextTick` runs right after it.
 *
 * One guest at a time: of two, each would take the other for something to be done at once.
 *
 * @param events Where the events come; the turn gets it.
 * @param wait How long the first wait may last, in milliseconds; null for ever.
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
  await new Guest(poll, events, turn, wait).run();
}

/**
 * Where we come in:
 *
 * ```text
 *        ┌──────────────────────── a round of libuv ────────────────────────┐
 *   ───► poll: begins to watch what is new,  ──► check: setImmediate ──► timers ───►
 *        takes what has happened, does not          │
 *        sleep: an immediate is pending             └─► we: sleep, if all is still;
 *                                                           then a turn
 * ```
 *
 * We sleep in libuv's place, so we may only when libuv would: when it has no events, nothing
 * to run at once, and no timer that is due. And there is a trap. A descriptor that Node
 * begins to watch is known to the kernel from libuv's next poll on: of whatever was begun
 * since then its descriptor tells us nothing, and we could sleep for ever. So a round must
 * have passed in which nobody ran who could have begun something.
 */
class Guest {
  readonly #poll: Poll;
  readonly #events: Events;
  readonly #turn: Turn;
  readonly #node = new NodeLoop();
  #due: number;
  /** In the last round we neither slept nor had a turn, and nobody was waiting to run. */
  #calm = false;
  /** What `NodeLoop.handled` said in the last round. */
  #handled = 0;
  #entry: NodeJS.Immediate | undefined;
  #haste: NodeJS.Immediate | undefined;

  constructor(poll: Poll, events: Events, turn: Turn, wait: number | null) {
    this.#poll = poll;
    this.#events = events;
    this.#turn = turn;
    this.#due = dueAfter(wait);
  }

  async run(): Promise<void> {
    this.#poll.registry.register(this.#node, NODE_TOKEN, READABLE);
    // When nothing is alive, libuv does not sleep either: it would end.
    const alive = setInterval(() => {}, LONGEST);
    try {
      await new Promise<void>((resolve, reject) => {
        const round = () => {
          clearImmediate(this.#haste);
          try {
            this.#wait();
            // Before the turn: nobody else's immediate may come between libuv and us.
            this.#comeBack(round);
            if (this.#takeTurn() === "end") resolve();
          } catch (error) {
            reject(error);
          }
        };
        this.#comeBack(round);
      });
    } finally {
      clearInterval(alive);
      clearImmediate(this.#entry);
      clearImmediate(this.#haste);
      this.#poll.registry.deregister(this.#node);
    }
  }

  /**
   * Asks for the next round. While an immediate is pending libuv has no time to sleep, and
   * says so. So there are two: ours, which does not count; and one that does, and that is
   * taken away before we ask how much time there is.
   */
  #comeBack(round: () => void): void {
    this.#entry = setImmediate(round).unref();
    this.#haste = setImmediate(() => {});
  }

  #wait(): void {
    const rest = this.#node.rest();
    const handled = this.#node.handled();
    const still = this.#calm && handled === this.#handled;
    this.#handled = handled;
    this.#calm = !still && rest > 0;
    this.#poll.poll(this.#events, still ? Math.min(rest, leftUntil(this.#due)) : 0);
    this.#events.remove(NODE_TOKEN);
  }

  #takeTurn(): "end" | undefined {
    if (this.#events.length === 0 && leftUntil(this.#due) > 0) return undefined;
    this.#calm = false;
    const next = this.#turn(this.#events);
    if (next === "end") return next;
    this.#due = dueAfter(next);
    return undefined;
  }
}
