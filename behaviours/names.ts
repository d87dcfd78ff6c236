// Steps 10 and 11: names are unique, can be changed, and are freed.

import { type Behaviour, behaves } from "./behaviour.ts";
import { Unmet } from "./client.ts";
import type { Member } from "./member.ts";

/** The ways in which a user can leave. */
const EXITS: Record<string, (user: Member) => Promise<void>> = {
  "/quit": async (user) => {
    user.send("/quit");
    await user.seesEnd();
  },
  "a normal close": (user) => user.leaves(),
  "a reset": (user) => user.resets(),
};

const ONLY_10 = { from: "10-rename", to: "10-rename", defect: true };

export const NAMES: readonly Behaviour[] = [
  behaves("gives no two clients the same name", { from: "10-rename" }, async (world) => {
    const names = new Set<string>();
    for (let i = 0; i < 20; i += 1) {
      const { name } = await world.join(`client ${i}`);
      if (names.has(name)) throw new Unmet("another name", `${name} again`);
      names.add(name);
    }
  }),

  behaves("announces a new name to everyone", { from: "10-rename" }, async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    const before = ann.name;
    const name = world.unique("Ann");
    await ann.renames(name);
    await bob.sees(`${before} is now ${name}`);
    ann.send("hello");
    await bob.sees(`${name}: hello`);
  }),

  behaves("refuses a taken name", { from: "10-rename" }, async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.send(`/name ${bob.name}`);
    await ann.sees(`${bob.name} is already taken`);
    await ann.talks("hello");
    await bob.sees(ann.says("hello"));
  }),

  behaves(
    "gives a name to the first of two clients that ask for it",
    { from: "10-rename" },
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      const name = world.unique("Ann");
      const asked = [ann, bob].map(async (user) => {
        user.send(`/name ${name}`);
        // Each sees the change of the winner; the loser is refused as well.
        const lines = [await user.line()];
        if (lines[0] !== `${user.name} is now ${name}`) lines.push(await user.line());
        return lines.includes(`${name} is already taken`) ? "lost" : "won";
      });
      const outcome = (await Promise.all(asked)).sort().join();
      if (outcome !== "lost,won") throw new Unmet("one winner", outcome);
    },
  ),

  behaves(
    "accepts any word as a name",
    { from: "10-rename", to: "17-performance" },
    async (world) => {
      const ann = await world.join("ann");
      for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
        await ann.renamesSoon(name);
        await ann.talks("hello");
      }
    },
  ),

  behaves("survives /name without a name", { from: "10-rename" }, async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.send("/name");
    ann.send("/name ");
    ann.send("hello");
    while ((await ann.line()) !== ann.says("hello")) {}
    while ((await bob.line()) !== ann.says("hello")) {}
  }),

  ...Object.entries(EXITS).map(([exit, goes]) =>
    behaves(`frees a name after ${exit}`, { from: "11-free-names" }, async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      await goes(ann);
      await bob.renamesSoon(ann.name);
    }),
  ),

  behaves(
    "frees the old name after a rename",
    { from: "11-free-names" },
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      const { name } = ann;
      await ann.renames(world.unique("Ann"));
      await bob.sees(`${name} is now ${ann.name}`);
      await bob.renames(name);
    },
  ),

  behaves("never frees the name of a user who left", ONLY_10, async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.send("/quit");
    await ann.seesEnd();
    // A server without the defect may need a moment after the end, so we retry.
    const cure = `${bob.name} is now ${ann.name}`;
    for (let i = 0; i < 20; i += 1) {
      bob.send(`/name ${ann.name}`);
      await bob.seesDefect(`${ann.name} is already taken`, { cure });
    }
  }),

  behaves("never frees the old name after a rename", ONLY_10, async (world) => {
    const ann = await world.join("ann");
    const { name } = ann;
    await ann.renames(world.unique("Ann"));
    ann.send(`/name ${name}`);
    const cure = `${ann.name} is now ${name}`;
    await ann.seesDefect(`${name} is already taken`, { cure });
  }),
];
