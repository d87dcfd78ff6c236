// Steps 04 to 06: lines, commands, many clients.
import { type Behaviour, behaves } from "./behaviour.ts";
import { help } from "./wire.ts";

export const LINES: readonly Behaviour[] = [
  behaves("answers a long line once", { from: "04-lines" }, async (world) => {
    const alice = await world.join("alice");
    await alice.talks("this is the best day ever!");
  }),

  behaves(
    "answers each of two lines in one packet",
    { from: "04-lines" },
    async (world) => {
      const alice = await world.join("alice");
      alice.sendBytes("one\ntwo\n");
      await alice.sees(alice.says("one"));
      await alice.sees(alice.says("two"));
    },
  ),

  behaves("accepts a line sent byte by byte", { from: "04-lines" }, async (world) => {
    const alice = await world.join("alice");
    await alice.dribbles("naïve café 🦦\r\n");
    await alice.sees(alice.says("naïve café 🦦"));
    await alice.seesNothing();
  }),

  behaves(
    "ends a line only at \\n",
    { from: "04-lines", to: "17-performance" },
    async (world) => {
      const alice = await world.join("alice");
      await alice.talks("one\u2028line");
      await alice.talks("one\rline");
    },
  ),

  behaves(
    "accepts a line of 1 MB",
    { from: "04-lines", to: "17-performance" },
    async (world) => {
      const alice = await world.join("alice");
      await alice.talks("é".repeat(500_000));
    },
  ),

  behaves(
    "buffers an endless line without limit",
    { from: "04-lines", to: "16-users", defect: true },
    async (world) => {
      const alice = await world.join("alice");
      await alice.talks("hello");
      const half = "x".repeat(2_000_000);
      alice.sendBytes(half);
      alice.sendBytes(half);
      alice.send("");
      const line = await alice.lineOrEnd("4 MB in one line, or the connection end");
      if (line === alice.says(half + half)) return;
      // The server may say why before it closes.
      if (line !== undefined) await alice.seesEndSomeTime();
      await world.closedOnlyThat();
    },
  ),

  behaves(
    "closes a connection whose line never ends",
    { from: "17-performance" },
    async (world) => {
      const alice = await world.join("alice");
      const bob = await world.join("bob");
      alice.sendBytes("x".repeat(4_000_000));
      await alice.seesEndSomeTime();
      await bob.seesNothing();
    },
  ),

  behaves(
    "lists its commands on connecting",
    { from: "05-commands", greeting: true },
    async (world) => {
      const alice = await world.connect("alice");
      await alice.seesAll(help(world.step));
    },
  ),

  behaves("answers /help with its commands", { from: "05-commands" }, async (world) => {
    const alice = await world.join("alice");
    alice.send("/help");
    await alice.seesAll(help(world.step));
    await alice.seesNothing();
  }),

  behaves("closes the connection on /quit", { from: "05-commands" }, async (world) => {
    const alice = await world.join("alice");
    await alice.talks("hello");
    alice.send("/quit");
    await alice.seesEnd();
  }),

  behaves(
    "recognises a command only as a whole word",
    { from: "05-commands", to: "17-performance" },
    async (world) => {
      const alice = await world.join("alice");
      for (const text of [
        "/quitter",
        "/helpful",
        "/names",
        "/joined",
        " /quit",
        "/QUIT",
      ]) {
        await alice.talks(text);
      }
    },
  ),

  behaves("serves clients at the same time", { from: "06-concurrent" }, async (world) => {
    const alice = await world.join("alice");
    const bob = await world.join("bob");
    await bob.talks("hello");
    await alice.leaves();
    await bob.talks("still here");
  }),

  behaves(
    "delivers no message to the other clients",
    { from: "06-concurrent", to: "06-concurrent", defect: true },
    async (world) => {
      const alice = await world.join("alice");
      const bob = await world.join("bob");
      await alice.talks("hello");
      bob.send("hi!");
      await bob.seesDefect(bob.says("hi!"), { cure: alice.says("hello") });
    },
  ),

  behaves("survives a reset connection", { from: "06-concurrent" }, async (world) => {
    const alice = await world.join("alice");
    const bob = await world.join("bob");
    await alice.talks("hello");
    await alice.resets();
    const carol = await world.join("carol");
    await carol.leaves();
    // Twice: in 07 the first thing that Bob hears is what Alice said.
    bob.send("one");
    await bob.line();
    bob.send("two");
    await bob.line();
  }),

  behaves(
    "survives a reset in the middle of a line",
    { from: "06-concurrent" },
    async (world) => {
      const alice = await world.join("alice");
      const bob = await world.join("bob");
      alice.sendBytes("half a li");
      await bob.talks("one");
      await alice.resets();
      await bob.talks("two");
    },
  ),

  behaves("survives a reset after /quit", { from: "06-concurrent" }, async (world) => {
    const alice = await world.join("alice");
    const bob = await world.join("bob");
    alice.sendBytes("/quit\none more\n");
    await alice.seesEnd();
    await alice.resets();
    await bob.talks("hello");
    const carol = await world.join("carol");
    await carol.leaves();
  }),

  behaves(
    "survives a reset before the greeting is read",
    { from: "06-concurrent" },
    async (world) => {
      const bob = await world.join("bob");
      for (let i = 0; i < 10; i += 1) {
        const alice = await world.connect("alice");
        await alice.resets();
      }
      await bob.talks("hello");
    },
  ),

  behaves(
    "survives a reset while it answers",
    { from: "06-concurrent" },
    async (world) => {
      const alice = await world.join("alice");
      alice.pauses();
      alice.sendBytes("a message for nobody\n".repeat(500));
      await alice.resets();
      const bob = await world.join("bob");
      bob.send("hello");
      await bob.line();
    },
  ),

  behaves(
    "serves the others while one client does not read",
    { from: "06-concurrent", flags: ["--rate", "0"] },
    async (world) => {
      const alice = await world.join("alice");
      const bob = await world.join("bob");
      alice.pauses();
      await bob.floods(12_000_000);
      await bob.talks("still here");
    },
  ),
];
