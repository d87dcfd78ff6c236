// The exercises of 02 · Serial.
import { type Exercise, exercise } from "./exercise.ts";

export const EXERCISES_02: readonly Exercise[] = [
  exercise("2.1", "numbers the clients", async (world) => {
    for (const number of [1, 2]) {
      const client = await world.connect(`client${number}`);
      await client.sees(`You are number ${number}`);
      client.send("hello");
      await client.sees("hello");
      await client.leaves();
    }
    const alice = await world.connect("alice");
    await alice.sees("You are number 3");
    const bob = await world.connect("bob");
    await alice.leaves();
    await bob.sees("You are number 4");
  }),

  exercise("2.2", "tells a waiting client how many are ahead of it", async (world) => {
    const alice = await world.connect("alice");
    alice.send("hello");
    await alice.sees("hello");
    const bob = await world.connect("bob");
    await bob.sees("1 before you");
    const carol = await world.connect("carol");
    await carol.sees("2 before you");
    await alice.leaves();
    bob.send("my turn");
    await bob.sees("my turn");
    const dave = await world.connect("dave");
    await dave.sees("2 before you");
  }),

  exercise("2.3", "refuses a client when the queue is full", async (world) => {
    const alice = await world.connect("alice");
    alice.send("hello");
    await alice.sees("hello");
    const bob = await world.connect("bob");
    const carol = await world.connect("carol");
    const dave = await world.connect("dave");
    await dave.sees("No chair is free");
    await dave.seesEnd();
    bob.hasSeenNothing();
    await alice.leaves();
    bob.send("my turn");
    await bob.sees("my turn");
    // Bob's chair is free now, and Eve takes it.
    const eve = await world.connect("eve");
    const frank = await world.connect("frank");
    await frank.sees("No chair is free");
    await bob.leaves();
    await carol.leaves();
    eve.send("my turn");
    await eve.sees("my turn");
  }),
];
