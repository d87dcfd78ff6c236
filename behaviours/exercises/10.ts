// The exercises of 10 · Rename.
import { Unmet } from "../client.ts";
import { type Exercise, exercise } from "./exercise.ts";

export const EXERCISES_10: readonly Exercise[] = [
  exercise("10.1", "treats names that look the same as one name", async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    const word = world.unique("Ann");
    for (const [name, other] of [
      [word, word.toUpperCase()],
      // The precomposed é, and the letter e with a combining accent.
      ["Jos\u{e9}", "jose\u{301}"],
    ] as const) {
      await ann.renames(name);
      await bob.sees(/ is now /);
      bob.send(`/name ${other}`);
      await bob.sees(`${other} is already taken`);
    }
  }),

  exercise("10.2", "reserves names, and gives each name once", async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.send("/name admin");
    await ann.sees("admin is already taken");
    await bob.seesNothing();
    await ann.sees(bob.says("fence 1"));
    for (let round = 0; round < 10; round += 1) {
      const name = world.unique("Ann");
      const asked = [ann, bob].map(async (user) => {
        user.send(`/name ${name}`);
        // Each sees the change of the winner; the loser is refused.
        const lines = [await user.line()];
        if (lines[0] !== `${user.name} is now ${name}`) lines.push(await user.line());
        if (lines.includes(`${name} is already taken`)) return "lost";
        user.name = name;
        return "won";
      });
      const outcome = (await Promise.all(asked)).sort().join();
      if (outcome !== "lost,won") throw new Unmet("one winner", outcome);
    }
  }),

  exercise("10.3", "swaps two names when both agree", async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    const [a, b] = [ann.name, bob.name];
    const all = async (line: string) => {
      for (const user of [ann, bob]) await user.sees(line);
    };
    ann.send(`/swap ${b}`);
    await all(`${a} would swap names with ${b}`);
    bob.send(`/swap ${a}`);
    await all(`${b} and ${a} swap names`);
    ann.send("hello");
    await all(`${b}: hello`);
    bob.send(`/swap ${b}`);
    await all(`${a} would swap names with ${b}`);
    // A request stays valid when its user has changed names in between.
    const name = world.unique("Ann");
    ann.send(`/name ${name}`);
    await all(`${b} is now ${name}`);
    ann.send(`/swap ${b}`);
    await ann.sees(`Nobody is called ${b}`);
    ann.send(`/swap ${a}`);
    await all(`${name} and ${a} swap names`);
  }),
];
