// Steps 01 to 03: bytes come and go.

import { type Behaviour, behaves } from "./behaviour.ts";
import { Unmet } from "./client.ts";
import { help } from "./wire.ts";

const ONLY_03 = { from: "03-modify", to: "03-modify", defect: true };

export const ECHO: readonly Behaviour[] = [
  behaves(
    "sends back what it receives",
    { from: "01-echo", to: "02-serial" },
    async (world) => {
      const alice = await world.connect("alice");
      alice.send("hello");
      await alice.sees("hello");
      alice.send("a line that is longer than sixteen bytes");
      await alice.sees("a line that is longer than sixteen bytes");
    },
  ),

  behaves(
    "answers everything sent before a half-close",
    { from: "01-echo" },
    async (world) => {
      const alice = await world.join("alice");
      await alice.talks("one");
      alice.send("two");
      alice.finishes();
      await alice.sees(alice.says("two"));
      await alice.seesEnd();
    },
  ),

  behaves(
    "returns 12 MB to a slow reader that half-closes",
    { from: "01-echo", to: "02-serial" },
    async (world) => {
      const size = world.plenty;
      const alice = await world.connect("alice");
      alice.sendBytes(Buffer.alloc(size, "fifteen letters\n"));
      alice.finishes();
      const got = await alice.countsSlowly();
      if (got !== size) throw new Unmet(`${size} bytes`, `${got}`);
    },
  ),

  behaves(
    "exits when its first client leaves",
    { from: "01-echo", to: "01-echo", own: true, defect: true },
    async (world) => {
      const alice = await world.connect("alice");
      alice.send("hello");
      await alice.sees("hello");
      await alice.leaves();
      const code = await world.serverEndsByDefect();
      if (code !== 0) throw new Unmet("the server to end with code 0", `${code}`);
    },
  ),

  behaves(
    "refuses a second client, because it has exited",
    { from: "01-echo", to: "01-echo", own: true, defect: true },
    async (world) => {
      const alice = await world.connect("alice");
      alice.send("hello");
      await alice.sees("hello");
      await alice.leaves();
      await world.serverEndsByDefect();
      const refused = await world.connect("bob").catch((error: unknown) => error);
      if (!(refused instanceof Unmet)) throw new Unmet("a refusal", "a connection");
    },
  ),

  behaves("serves one client after another", { from: "02-serial" }, async (world) => {
    for (const label of ["alice", "bob", "carol"]) {
      const client = await world.join(label);
      await client.talks("hello");
      await client.leaves();
    }
  }),

  behaves(
    "makes a second client wait until the first leaves",
    { from: "02-serial", to: "05-commands", defect: true },
    async (world) => {
      const alice = await world.join("alice");
      const bob = await world.connect("bob");
      bob.send("hello");
      for (let i = 0; i < 20; i += 1) await alice.talks(`number ${i}`);
      bob.hasSeenNothing(help(world.step)[0] ?? alice.says("hello"));
      await alice.leaves();
      // From 05 on the help text comes first.
      while ((await bob.line()) !== alice.says("hello")) {}
    },
  ),

  behaves(
    "crashes when a connection is reset",
    { from: "01-echo", to: "05-commands", own: true, defect: true },
    async (world) => {
      const alice = await world.join("alice");
      await alice.talks("hello");
      await alice.resets();
      await world.serverEndsByDefect();
    },
  ),

  behaves("answers with a heart", { from: "03-modify", to: "08-chat" }, async (world) => {
    const alice = await world.join("alice");
    alice.send("hello");
    await alice.sees("hello ❤️");
  }),

  behaves("strips the \\r of a line ending", { from: "03-modify" }, async (world) => {
    const alice = await world.join("alice");
    alice.sendBytes("hello\r\n");
    await alice.sees(alice.says("hello"));
  }),

  behaves("adds two hearts to a line of 26 bytes", ONLY_03, async (world) => {
    const alice = await world.join("alice");
    await alice.talks("hello");
    alice.send("this is the best day ever!");
    await alice.seesDefect("this is the best ❤️", {
      cure: "this is the best day ever! ❤️",
    });
    await alice.sees(" day ever! ❤️");
  }),

  behaves("adds one heart to two lines in one packet", ONLY_03, async (world) => {
    const alice = await world.join("alice");
    await alice.talks("hello");
    alice.sendBytes("one\ntwo\n");
    await alice.seesDefect("one", { cure: "one ❤️" });
    await alice.sees("two ❤️");
  }),

  behaves("garbles a character split between two reads", ONLY_03, async (world) => {
    const alice = await world.join("alice");
    await alice.talks("hello");
    alice.send("fifteen letters\u00e9");
    const cure = "fifteen letters\u00e9 ❤️";
    await alice.seesDefect("fifteen letters\ufffd ❤️", { cure });
    await alice.sees("\ufffd ❤️");
  }),
];
