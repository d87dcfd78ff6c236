// The exercises of 07 · Kinda chat.
import { Unmet } from "../client.ts";
import { type Exercise, exercise } from "./exercise.ts";

export const EXERCISES_07: readonly Exercise[] = [
  exercise("7.1", "delivers all pending messages at once", async (world) => {
    const alice = await world.join("alice");
    const bob = await world.join("bob");
    await alice.talks("hello");
    await alice.talks("anyone?");
    // The same words as the first that waits: only one of the two is bob's.
    bob.send("hello");
    await bob.seesAll([alice.says("hello"), alice.says("anyone?"), bob.says("hello")]);
    await bob.talks("nothing waits now");
  }),

  exercise("7.2", "reports missed messages once", async (world) => {
    const alice = await world.join("alice");
    const bob = await world.join("bob");
    for (let i = 0; i < 34; i += 1) await alice.talks(`number ${i}`);
    // Of 35 messages with this one, the channel keeps 32.
    bob.send("hello");
    await bob.seesAll(["Messages missed: 3", alice.says("number 3")]);
    bob.send("again");
    await bob.sees(alice.says("number 4"));
  }),

  exercise("7.3", "counts the clients that are still connected", async (world) => {
    const alice = await world.join("alice");
    alice.send("/ears");
    await alice.sees("Listening: 1");
    const bob = await world.join("bob");
    const carol = await world.join("carol");
    alice.send("/ears");
    await alice.sees("Listening: 3");
    bob.send("/quit");
    await bob.seesEnd();
    alice.send("/ears");
    await alice.sees("Listening: 2");
    // The server learns of a reset at about this time: ask until it has.
    await carol.resets();
    const deadline = Date.now() + world.patience;
    for (;;) {
      alice.send("/ears");
      const line = await alice.line();
      if (line === "Listening: 1") return;
      if (line !== "Listening: 2" || Date.now() > deadline) {
        throw new Unmet("1 in the end", line);
      }
    }
  }),
];
