// The exercises of 12 · Main room.
import type { Client } from "../client.ts";
import type { World } from "../world.ts";
import { type Exercise, exercise } from "./exercise.ts";

/** Connects a client, and reads until it has its name. The exercise checks what follows. */
async function enter(world: World, label: string): Promise<Client> {
  const user = await world.connect(label);
  while (user.name === "") {
    user.name = /^You are (\S+)$/.exec(await user.line())?.[1] ?? "";
  }
  return user;
}

export const EXERCISES_12: readonly Exercise[] = [
  exercise("12.1", "announces how many users are in the room", async (world) => {
    const ann = await enter(world, "ann");
    await ann.sees(`${ann.name} joined main (1 here)`);
    const bob = await enter(world, "bob");
    for (const user of [ann, bob]) await user.sees(`${bob.name} joined main (2 here)`);
    await bob.resets();
    await ann.sees(`${bob.name} left main (1 here)`);
  }),

  exercise("12.2", "shows the topic to a newcomer", async (world) => {
    // The topic may come before or after the name.
    const ann = await enter(world, "ann");
    while ((await ann.line()) !== `${ann.name} joined main`) {}
    ann.send("/topic tea,  and biscuits");
    await ann.sees(`${ann.name} changed the topic to tea,  and biscuits`);
    const bob = await world.connect("bob");
    while ((await bob.line()) !== "Topic - tea,  and biscuits") {}
  }),

  exercise("12.3", "disconnects a user for another", async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    await ann.sees(`${bob.name} joined main`);
    const before = bob.name;
    await bob.renames(world.unique("Bob"));
    await ann.sees(`${before} is now ${bob.name}`);
    ann.send(`/door ${before}`);
    await ann.sees(`Nobody is called ${before}`);
    ann.send(`/door ${bob.name}`);
    await ann.sees(`${ann.name} shows ${bob.name} the door`);
    await ann.sees(`${bob.name} left main`);
    // Whether Bob still receives the first of the two depends on how far he has read.
    await bob.seesEndSomeTime();
    await ann.renames(bob.name);
  }),
];
