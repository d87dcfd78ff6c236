// The exercises of 11 · Free names.
import { type Exercise, exercise } from "./exercise.ts";

export const EXERCISES_11: readonly Exercise[] = [
  exercise("11.1", "announces who left, and how", async (world) => {
    const alice = await world.join("alice");
    const bob = await world.join("bob");
    const carol = await world.join("carol");
    const dave = await world.join("dave");
    alice.send("/quit");
    await dave.sees(`${alice.name} left (/quit)`);
    await bob.leaves();
    await dave.sees(`${bob.name} left (end)`);
    await carol.resets();
    await dave.sees(`${carol.name} left (lost)`);
  }),

  exercise("11.2", "reserves a name until its user leaves", async (world) => {
    const alice = await world.join("alice");
    const bob = await world.join("bob");
    const [ann, zed] = [world.unique("Ann"), world.unique("Zed")];
    for (const name of [ann, zed]) {
      alice.send(`/keep ${name}`);
      await alice.sees(`${name} is kept for you`);
    }
    alice.send(`/keep ${bob.name}`);
    await alice.sees(`${bob.name} is already taken`);
    bob.send(`/name ${ann}`);
    await bob.sees(`${ann} is already taken`);
    await alice.renames(ann);
    await bob.sees(/ is now /);
    await alice.resets();
    await bob.renamesSoon(zed);
    await bob.renamesSoon(ann);
  }),

  exercise("11.3", "gives a freed name to the first in the queue", async (world) => {
    const alice = await world.join("alice");
    const bob = await world.join("bob");
    const carol = await world.join("carol");
    const name = alice.name;
    for (const user of [bob, carol]) {
      user.send(`/want ${name}`);
      await user.sees(`You are in line for ${name}`);
    }
    await alice.resets();
    await bob.sees(`${bob.name} is now ${name}`);
    await carol.sees(`${bob.name} is now ${name}`);

    // Bob has the name, carol and then dave are in line; carol gives up and goes.
    const dave = await world.join("dave");
    dave.send(`/want ${name}`);
    await dave.sees(`You are in line for ${name}`);
    carol.send("/quit");
    await carol.seesEnd();
    bob.send("/quit");
    await bob.seesEnd();
    await dave.sees(`${dave.name} is now ${name}`);
    dave.name = name;
    await dave.seesNothing();

    // What nobody has needs no line. And what it had before is free.
    const other = world.unique("Ann");
    dave.send(`/want ${other}`);
    await dave.sees(`${name} is now ${other}`);
    const erin = await world.join("erin");
    await erin.renames(name);
  }),
];
