// The exercises of 11 · Free names.
import { type Exercise, exercise } from "./exercise.ts";

export const EXERCISES_11: readonly Exercise[] = [
  exercise("11.1", "announces who left, and how", async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    const eve = await world.join("eve");
    const dave = await world.join("dave");
    ann.send("/quit");
    await dave.sees(`${ann.name} left (/quit)`);
    await bob.leaves();
    await dave.sees(`${bob.name} left (end)`);
    await eve.resets();
    await dave.sees(`${eve.name} left (lost)`);
  }),

  exercise("11.2", "reserves a name until its user leaves", async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    const [amy, zed] = [world.unique("Amy"), world.unique("Zed")];
    for (const name of [amy, zed]) {
      ann.send(`/keep ${name}`);
      await ann.sees(`${name} is kept for you`);
    }
    ann.send(`/keep ${bob.name}`);
    await ann.sees(`${bob.name} is already taken`);
    bob.send(`/name ${amy}`);
    await bob.sees(`${amy} is already taken`);
    await ann.renames(amy);
    await bob.sees(/ is now /);
    await ann.resets();
    await bob.renamesSoon(zed);
    await bob.renamesSoon(amy);
  }),

  exercise("11.3", "gives a freed name to the first in the queue", async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    const eve = await world.join("eve");
    const name = ann.name;
    for (const user of [bob, eve]) {
      user.send(`/want ${name}`);
      await user.sees(`You are in line for ${name}`);
    }
    await ann.resets();
    await bob.sees(`${bob.name} is now ${name}`);
    await eve.sees(`${bob.name} is now ${name}`);

    // Bob has the name; Eve and then Dave are in line. Eve gives up and leaves.
    const dave = await world.join("dave");
    dave.send(`/want ${name}`);
    await dave.sees(`You are in line for ${name}`);
    eve.send("/quit");
    await eve.seesEnd();
    bob.send("/quit");
    await bob.seesEnd();
    await dave.sees(`${dave.name} is now ${name}`);
    dave.name = name;
    await dave.seesNothing();

    // A free name needs no queue. Dave's previous name is freed.
    const other = world.unique("Amy");
    dave.send(`/want ${other}`);
    await dave.sees(`${name} is now ${other}`);
    const erin = await world.join("erin");
    await erin.renames(name);
  }),

  exercise("11.3", "keeps one place in a queue for each user", async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    const eve = await world.join("eve");
    const [name, zoe] = [ann.name, world.unique("Zoe")];
    for (const user of [bob, bob, eve]) {
      user.send(`/want ${name}`);
      await user.sees(`You are in line for ${name}`);
    }
    await ann.resets();
    for (const user of [bob, eve]) await user.sees(`${bob.name} is now ${name}`);
    bob.name = name;
    // A user needs no place in the queue for its own name.
    bob.send(`/want ${name}`);
    await bob.sees(`You are ${name}`);
    await bob.renames(zoe);
    await eve.sees(`${name} is now ${zoe}`);
    for (const user of [bob, eve]) await user.sees(`${eve.name} is now ${name}`);
    await bob.seesNothing();
  }),
];
