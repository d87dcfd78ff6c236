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
    const ann = await world.connect("ann");
    await ann.sees("You are number 3");
    const bob = await world.connect("bob");
    // By the last answer the server has long accepted Bob, whose turn has not come.
    for (let i = 0; i < 20; i += 1) {
      ann.send("hello");
      await ann.sees("hello");
    }
    bob.hasSeenNothing();
    await ann.leaves();
    await bob.sees("You are number 4");
  }),

  exercise("2.2", "tells a waiting client how many are ahead of it", async (world) => {
    const ann = await world.connect("ann");
    ann.send("hello");
    await ann.sees("hello");
    const bob = await world.connect("bob");
    await bob.sees("1 before you");
    const eve = await world.connect("eve");
    await eve.sees("2 before you");
    await ann.leaves();
    bob.send("my turn");
    await bob.sees("my turn");
    const dave = await world.connect("dave");
    await dave.sees("2 before you");
  }),

  exercise("2.3", "refuses a client when the queue is full", async (world) => {
    const ann = await world.connect("ann");
    ann.send("hello");
    await ann.sees("hello");
    const bob = await world.connect("bob");
    const eve = await world.connect("eve");
    const dave = await world.connect("dave");
    await dave.sees("No chair is free");
    await dave.seesEnd();
    bob.hasSeenNothing();
    await ann.leaves();
    bob.send("my turn");
    await bob.sees("my turn");
    // Bob's chair is free now, and Fay takes it.
    const fay = await world.connect("fay");
    const frank = await world.connect("frank");
    await frank.sees("No chair is free");
    await bob.leaves();
    await eve.leaves();
    fay.send("my turn");
    await fay.sees("my turn");
  }),
];
