// Steps 12 to 16: rooms, and who is in them.

import { type Behaviour, behaves } from "./behaviour.ts";
import { Cured, Unmet } from "./client.ts";
import type { Member } from "./member.ts";
import { joined, left } from "./wire.ts";

const WAYS_OUT: Record<string, (user: Member, room: string) => Promise<void>> = {
  "/join": (user, room) => user.joins("main", room),
  "/quit": async (user) => {
    user.send("/quit");
    await user.seesEnd();
  },
  "a normal close": (user) => user.leaves(),
  "a reset": (user) => user.resets(),
};

export const ROOMS: readonly Behaviour[] = [
  behaves(
    "announces a newcomer to everyone, the newcomer included",
    { from: "12-main-room", to: "16-users", greeting: true },
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      await ann.sees(`${bob.name} joined main`);
      await ann.seesNothing(true);
    },
  ),

  behaves(
    "words a notice differently for the user it is about",
    { from: "17-performance", greeting: true },
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      await ann.sees(`${bob.name} joined`);
      const room = world.unique("attic");
      bob.send(`/join ${room}`);
      await bob.sees("You left main");
      await bob.sees(`You joined ${room}`);
      await bob.seesNothing(true);
      await ann.sees(`${bob.name} left`);
      await ann.seesNothing(true);
    },
  ),

  ...["/quit", "a normal close", "a reset", "/quit and a reset"].map((exit) =>
    behaves(
      `announces a departure once: ${exit}`,
      { from: "12-main-room" },
      async (world) => {
        const ann = await world.join("ann");
        const bob = await world.join("bob");
        await ann.sees(joined(world.step, bob.name, "main"));
        if (exit.startsWith("/quit")) bob.send("/quit");
        if (exit === "a normal close") await bob.leaves();
        if (exit.endsWith("a reset")) await bob.resets();
        await ann.sees(left(world.step, bob.name, "main"));
        await ann.seesNothing(true);
      },
    ),
  ),

  behaves("moves a user to another room", { from: "13-join" }, async (world) => {
    const room = world.unique("attic");
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    await ann.sees(joined(world.step, bob.name, "main"));
    await ann.joins(room);
    await bob.sees(left(world.step, ann.name, "main"));
    await bob.joins(room);
    await ann.sees(joined(world.step, bob.name, room));
    await bob.talks("hello");
    await ann.sees(bob.says("hello"));
  }),

  behaves(
    "delivers messages only to the same room",
    { from: "13-join" },
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      await bob.joins(world.unique("attic"));
      await ann.talks("hello");
      await bob.seesNothing();
      await ann.seesNothing();
    },
  ),

  behaves("lets a user return to a room", { from: "13-join" }, async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    const room = world.unique("attic");
    await bob.joins(room);
    await bob.joins("main", room);
    await ann.talks("hello");
    await bob.sees(ann.says("hello"));
  }),

  behaves(
    "answers /join to the current room with a notice",
    { from: "13-join" },
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      await ann.sees(joined(world.step, bob.name, "main"));
      bob.send("/join main");
      await bob.sees("You are in main");
      await ann.seesNothing(true);
    },
  ),

  behaves(
    "accepts any word as a room",
    { from: "13-join", to: "17-performance" },
    async (world) => {
      const ann = await world.join("ann");
      let from = "main";
      for (const room of ["constructor", "__proto__", "toString"]) {
        await ann.joins(room, from);
        await ann.talks("hello");
        from = room;
      }
    },
  ),

  behaves("survives /join without a room", { from: "13-join" }, async (world) => {
    const ann = await world.join("ann");
    ann.send("/join");
    ann.send("/join ");
    ann.send("hello");
    while ((await ann.line()) !== ann.says("hello")) {}
  }),

  behaves(
    "lists rooms, most users first, then by name",
    { from: "14-rooms" },
    async (world) => {
      const [small, large, other] = ["c", "b", "a"].map((word) => world.unique(word));
      if (!small || !large || !other) return;
      const ann = await world.join("ann");
      await ann.joins(small);
      for (const label of ["bob", "eve"]) await (await world.join(label)).joins(large);
      await (await world.join("dave")).joins(other);
      const rooms = await ann.rooms();
      const mine = rooms.filter(({ name }) => [small, large, other].includes(name));
      const list = mine.map(({ name, users }) => `${name} (${users})`).join(", ");
      const expected = `${large} (2), ${other} (1), ${small} (1)`;
      if (list !== expected) throw new Unmet(expected, list);
    },
  ),

  behaves("counts the users in main", { from: "14-rooms", own: true }, async (world) => {
    const ann = await world.join("ann");
    await world.join("bob");
    ann.send("/rooms");
    await ann.sees("Rooms - main (2)");
  }),

  behaves(
    "still lists a room that its last user left",
    { from: "14-rooms", to: "14-rooms", defect: true },
    async (world) => {
      const room = world.unique("attic");
      const ann = await world.join("ann");
      await ann.joins(room);
      await ann.joins("main", room);
      // A server without the defect may need a moment after the change, so we retry.
      for (let i = 0; i < 20; i += 1) {
        const found = (await ann.rooms()).find(({ name }) => name === room);
        if (found === undefined) throw new Cured(`${room} on the list`, "it is gone");
        if (found.users !== 0) throw new Unmet(`${room} (0)`, `${found.users}`);
      }
    },
  ),

  ...Object.entries(WAYS_OUT).map(([way, leaves]) =>
    behaves(
      `removes a room with its last user: ${way}`,
      { from: "15-empty-rooms" },
      async (world) => {
        const room = world.unique("attic");
        const ann = await world.join("ann");
        const bob = await world.join("bob");
        await bob.joins(room);
        const found = (await ann.rooms()).find(({ name }) => name === room);
        if (found?.users !== 1) throw new Unmet(`${room} (1)`, `${found?.users}`);
        await leaves(bob, room);
        await ann.seesRoomGoneSoon(room);
        await ann.joins(room);
        await ann.talks("an echo");
      },
    ),
  ),

  behaves("lists users sorted by name", { from: "16-users" }, async (world) => {
    const room = world.unique("attic");
    const users: Member[] = [];
    for (const label of ["ann", "bob", "eve"]) {
      const user = await world.join(label);
      await user.joins(room);
      users.push(user);
    }
    const [ann, bob, eve] = users;
    if (!ann || !bob || !eve) return;
    const list = () =>
      `Users - ${[ann, bob, eve]
        .map((u) => u.name)
        .sort()
        .join(", ")}`;
    ann.send("/users");
    await ann.sees(list());
    await bob.renames(world.unique("Aaron"));
    await ann.sees(/ is now /);
    ann.send("/users");
    await ann.sees(list());
  }),

  behaves("removes users who left from the list", { from: "16-users" }, async (world) => {
    const room = world.unique("attic");
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    await ann.joins(room);
    await bob.joins(room);
    await ann.sees(joined(world.step, bob.name, room));
    await bob.resets();
    await ann.sees(left(world.step, bob.name, room));
    ann.send("/users");
    await ann.sees(`Users - ${ann.name}`);
  }),

  behaves("lists only the users in the room", { from: "16-users" }, async (world) => {
    const ann = await world.join("ann");
    await world.join("bob");
    await ann.joins(world.unique("attic"));
    ann.send("/users");
    await ann.sees(`Users - ${ann.name}`);
  }),

  behaves(
    "answers a command after the messages before it",
    { from: "12-main-room" },
    async (world) => {
      const ann = await world.join("ann");
      ann.sendBytes("one\n/help\ntwo\n");
      await ann.sees(ann.says("one"));
      await ann.sees("Server commands");
      while ((await ann.line()) !== ann.says("two")) {}
    },
  ),
];
