// The exercises of 06 · Concurrent.
import { Unmet } from "../client.ts";
import { type Exercise, exercise } from "./exercise.ts";

/** The answer to it takes about two seconds. */
const SLOW_TEXT = "🦦 is typing slowly";
const LETTERS = [...SLOW_TEXT].length;
/** The least time between two letters, in milliseconds: less than asked, as clocks are coarse. */
const LEAST_PAUSE = 80;

/** Checks how long the answer to it took. @param start When it was sent. */
function expectPauses(start: number): void {
  const took = performance.now() - start;
  if (took >= (LETTERS - 1) * LEAST_PAUSE) return;
  const got = `${LETTERS} letters in ${Math.round(took)} ms`;
  throw new Unmet("a tenth of a second between two letters", got);
}

export const EXERCISES_06: readonly Exercise[] = [
  exercise(
    "6.1",
    "serves the others during a slow answer",
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      const start = performance.now();
      ann.send(`/slow ${SLOW_TEXT}`);
      await ann.seesBeginning("🦦", SLOW_TEXT);
      // A server that computes instead of waiting serves him once a letter, if at all.
      for (let i = 0; i < LETTERS; i += 1) await bob.talks(`number ${i}`);
      bob.send("/slow ho");
      await bob.sees("ho ❤️");
      if (ann.look() !== undefined) {
        expectPauses(start);
        throw new Unmet("bob's answers during the slow one", "his answers after it");
      }
      await ann.sees(`${SLOW_TEXT} ❤️`);
      expectPauses(start);
      await ann.talks("/slower");
      // The client that waits for the answer disconnects, which affects only its own task.
      ann.send("/slow otters");
      await ann.resets();
      bob.send("/slow otter");
      await bob.sees("otter ❤️");
    },
    { patience: 5_000 },
  ),

  exercise("6.2", "serves three clients at a time", async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    const eve = await world.join("eve");
    const dave = await world.connect("dave");
    dave.send("/quit");
    // Reset while it waits: the server neither reads from it nor writes to it yet.
    const mallory = await world.connect("mallory");
    await mallory.resets();
    for (let i = 0; i < 20; i += 1) {
      await ann.talks(`number ${i}`);
      await eve.talks(`number ${i}`);
    }
    dave.hasSeenNothing();
    await bob.resets();
    await dave.sees("Server commands");
    await dave.seesEndSomeTime();
    const fay = await world.join("fay");
    const frank = await world.connect("frank");
    await fay.talks("hello");
    await ann.talks("hello");
    frank.hasSeenNothing();
    await eve.leaves();
    await frank.sees("Server commands");
  }),

  exercise("6.3", "counts primes while it serves the others", async (world) => {
    const ann = await world.join("ann");
    for (const [limit, count] of [
      [2, 0],
      [3, 1],
      [100, 25],
      [100_000, 9592],
    ]) {
      ann.send(`/primes ${limit}`);
      await ann.sees(`Primes: ${count}`);
    }
    // This would take days.
    const bob = await world.join("bob");
    bob.send("/primes 1000000000000");
    for (let i = 0; i < 20; i += 1) await ann.talks(`number ${i}`);
    bob.hasSeenNothing();
    // The result is no longer wanted. The server notices the reset a little later.
    await bob.resets();
    const deadline = Date.now() + world.patience;
    while (!world.process.output().includes("lost a user: ")) {
      if (Date.now() > deadline) throw new Unmet("the counting to stop", "it goes on");
      await ann.talks("still counting?");
    }
  }),
];
