// Steps 10 and 11: names are unique, can be changed, and come free again.

import { type Behaviour, behaves } from "./behaviour.ts";
import { Unmet } from "./client.ts";
import type { Member } from "./member.ts";

/** The ways in which a user can go. */
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
    const alice = await world.join("alice");
    const bob = await world.join("bob");
    const before = alice.name;
    const name = world.unique("Ann");
    await alice.renames(name);
    await bob.sees(`${before} is now ${name}`);
    alice.send("hello");
    await bob.sees(`${name}: hello`);
  }),

  behaves("refuses a taken name", { from: "10-rename" }, async (world) => {
    const alice = await world.join("alice");
    const bob = await world.join("bob");
    alice.send(`/name ${bob.name}`);
    await alice.sees(`${bob.name} is already taken`);
    await alice.talks("hello");
    await bob.sees(alice.says("hello"));
  }),

  behaves(
    "gives a name to the first of two clients that ask for it",
    { from: "10-rename" },
    async (world) => {
      const alice = await world.join("alice");
      const bob = await world.join("bob");
      const name = world.unique("Ann");
      const asked = [alice, bob].map(async (user) => {
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
      const alice = await world.join("alice");
      for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
        await alice.renamesSoon(name);
        await alice.talks("hello");
      }
    },
  ),

  behaves("survives /name without a name", { from: "10-rename" }, async (world) => {
    const alice = await world.join("alice");
    const bob = await world.join("bob");
    alice.send("/name");
    alice.send("/name ");
    alice.send("hello");
    while ((await alice.line()) !== alice.says("hello")) {}
    while ((await bob.line()) !== alice.says("hello")) {}
  }),

  ...Object.entries(EXITS).map(([exit, goes]) =>
    behaves(`frees a name after ${exit}`, { from: "11-free-names" }, async (world) => {
      const alice = await world.join("alice");
      const bob = await world.join("bob");
      await goes(alice);
      await bob.renamesSoon(alice.name);
    }),
  ),

  behaves(
    "frees the old name after a rename",
    { from: "11-free-names" },
    async (world) => {
      const alice = await world.join("alice");
      const bob = await world.join("bob");
      const { name } = alice;
      await alice.renames(world.unique("Ann"));
      await bob.sees(`${name} is now ${alice.name}`);
      await bob.renames(name);
    },
  ),

  behaves("never frees the name of a user who left", ONLY_10, async (world) => {
    const alice = await world.join("alice");
    const bob = await world.join("bob");
    alice.send("/quit");
    await alice.seesEnd();
    // The server may need a moment after the end: ask often enough.
    const cure = `${bob.name} is now ${alice.name}`;
    for (let i = 0; i < 20; i += 1) {
      bob.send(`/name ${alice.name}`);
      await bob.seesDefect(`${alice.name} is already taken`, { cure });
    }
  }),

  behaves("never frees the old name after a rename", ONLY_10, async (world) => {
    const alice = await world.join("alice");
    const { name } = alice;
    await alice.renames(world.unique("Ann"));
    alice.send(`/name ${name}`);
    const cure = `${alice.name} is now ${name}`;
    await alice.seesDefect(`${name} is already taken`, { cure });
  }),
];
