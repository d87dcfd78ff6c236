// The exercises of 07 · Kinda chat.
import { Unmet } from "../client.ts";
import { type Exercise, exercise } from "./exercise.ts";

export const EXERCISES_07: readonly Exercise[] = [
  exercise("7.1", "delivers all pending messages at once", async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    await ann.talks("hello");
    await ann.talks("anyone?");
    // The same text as the first pending message, but only one of the two is Bob's.
    bob.send("hello");
    await bob.seesAll([ann.says("hello"), ann.says("anyone?"), bob.says("hello")]);
    await bob.talks("nothing waits now");
  }),

  exercise("7.2", "reports missed messages once", async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    for (let i = 0; i < 34; i += 1) await ann.talks(`number ${i}`);
    // The channel keeps 32 of the 35 messages, which include this one.
    bob.send("hello");
    await bob.seesAll(["Messages missed: 3", ann.says("number 3")]);
    bob.send("again");
    await bob.sees(ann.says("number 4"));
  }),

  exercise("7.3", "counts the clients that are still connected", async (world) => {
    const ann = await world.join("ann");
    ann.send("/ears");
    await ann.sees("Listening: 1");
    const bob = await world.join("bob");
    const eve = await world.join("eve");
    ann.send("/ears");
    await ann.sees("Listening: 3");
    bob.send("/quit");
    await bob.seesEnd();
    ann.send("/ears");
    await ann.sees("Listening: 2");
    // The server may notice the reset a little later, so we retry.
    await eve.resets();
    const deadline = Date.now() + world.patience;
    for (;;) {
      ann.send("/ears");
      const line = await ann.line();
      if (line === "Listening: 1") return;
      if (line !== "Listening: 2" || Date.now() > deadline) {
        throw new Unmet("1 in the end", line);
      }
    }
  }),
];
