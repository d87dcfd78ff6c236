// Steps 01 to 03: bytes in, bytes out.

import { type Behaviour, behaves } from "./behaviour.ts";
import { Cured, NotConnected, Unmet } from "./client.ts";
import type { Member } from "./member.ts";
import { help } from "./wire.ts";

const ONLY_03 = { from: "03-modify", to: "03-modify", defect: true };

export const ECHO: readonly Behaviour[] = [
  behaves(
    "sends back what it receives",
    { from: "01-echo", to: "02-serial" },
    async (world) => {
      const ann = await world.connect("ann");
      ann.send("hello");
      await ann.sees("hello");
      ann.send("a line that is longer than sixteen bytes");
      await ann.sees("a line that is longer than sixteen bytes");
    },
  ),

  behaves(
    "answers everything sent before a half-close",
    { from: "01-echo" },
    async (world) => {
      const ann = await world.join("ann");
      await ann.talks("one");
      ann.send("two");
      ann.finishes();
      await ann.sees(ann.says("two"));
      await ann.seesEnd();
    },
  ),

  behaves(
    "returns 12 MB to a slow reader that half-closes",
    { from: "01-echo", to: "02-serial", megabytes: true },
    async (world) => {
      const size = world.plenty;
      const ann = await world.connect("ann");
      ann.sendBytes(Buffer.alloc(size, "fifteen letters\n"));
      ann.finishes();
      const got = await ann.countsSlowly();
      if (got !== size) throw new Unmet(`${size} bytes`, `${got}`);
    },
  ),

  behaves(
    "exits when its first client leaves",
    { from: "01-echo", to: "01-echo", own: true, defect: true },
    async (world) => {
      const ann = await world.connect("ann");
      ann.send("hello");
      await ann.sees("hello");
      await ann.leaves();
      const code = await world.serverEndsByDefect();
      if (code !== 0) throw new Unmet("the server to end with code 0", `${code}`);
    },
  ),

  behaves(
    "refuses a second client",
    { from: "01-echo", to: "01-echo", own: true, defect: true },
    async (world) => {
      const ann = await world.connect("ann");
      await ann.talks("hello");
      let bob: Member;
      try {
        bob = await world.connect("bob");
      } catch (error) {
        if (error instanceof NotConnected) return;
        throw error;
      }
      await ann.leaves();
      await bob.talks("hello");
      throw new Cured("bob to be refused", "a connection, on which he is served");
    },
  ),

  behaves("serves one client after another", { from: "02-serial" }, async (world) => {
    for (const label of ["ann", "bob", "eve"]) {
      const client = await world.join(label);
      await client.talks("hello");
      await client.leaves();
    }
  }),

  behaves(
    "makes a second client wait until the first leaves",
    { from: "02-serial", to: "05-commands", defect: true },
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.connect("bob");
      bob.send("hello");
      for (let i = 0; i < 20; i += 1) await ann.talks(`number ${i}`);
      bob.hasSeenNothing(help(world.step)[0] ?? ann.says("hello"));
      await ann.leaves();
      // From 05 on the help text comes first.
      while ((await bob.line()) !== ann.says("hello")) {}
    },
  ),

  behaves(
    "crashes when a connection is reset",
    { from: "01-echo", to: "05-commands", own: true, defect: true },
    async (world) => {
      const ann = await world.join("ann");
      await ann.talks("hello");
      await ann.resets();
      await world.serverEndsByDefect();
    },
  ),

  behaves("answers with a heart", { from: "03-modify", to: "08-chat" }, async (world) => {
    const ann = await world.join("ann");
    ann.send("hello");
    await ann.sees("hello ❤️");
  }),

  behaves("strips the \\r of a line ending", { from: "03-modify" }, async (world) => {
    const ann = await world.join("ann");
    ann.sendBytes("hello\r\n");
    await ann.sees(ann.says("hello"));
  }),

  behaves("adds two hearts to a line of 26 bytes", ONLY_03, async (world) => {
    const ann = await world.join("ann");
    await ann.talks("hello");
    ann.send("this is the best day ever!");
    await ann.seesDefect("this is the best ❤️", {
      cure: "this is the best day ever! ❤️",
    });
    await ann.sees(" day ever! ❤️");
  }),

  behaves("adds one heart to two lines in one packet", ONLY_03, async (world) => {
    const ann = await world.join("ann");
    await ann.talks("hello");
    ann.sendBytes("one\ntwo\n");
    await ann.seesDefect("one", { cure: "one ❤️" });
    await ann.sees("two ❤️");
  }),

  behaves("garbles a character split between two reads", ONLY_03, async (world) => {
    const ann = await world.join("ann");
    await ann.talks("hello");
    ann.send("fifteen letters\u00e9");
    const cure = "fifteen letters\u00e9 ❤️";
    await ann.seesDefect("fifteen letters\ufffd ❤️", { cure });
    await ann.sees("\ufffd ❤️");
  }),
];
