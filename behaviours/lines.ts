// Steps 04 to 06: lines, commands, many clients.
import { type Behaviour, behaves } from "./behaviour.ts";
import { help } from "./wire.ts";

export const LINES: readonly Behaviour[] = [
  behaves("answers a long line once", { from: "04-lines" }, async (world) => {
    const ann = await world.join("ann");
    await ann.talks("this is the best day ever!");
  }),

  behaves(
    "answers each of two lines in one packet",
    { from: "04-lines" },
    async (world) => {
      const ann = await world.join("ann");
      ann.sendBytes("one\ntwo\n");
      await ann.sees(ann.says("one"));
      await ann.sees(ann.says("two"));
    },
  ),

  behaves("accepts a line sent byte by byte", { from: "04-lines" }, async (world) => {
    const ann = await world.join("ann");
    await ann.dribbles("naïve café 🦦\r\n");
    await ann.sees(ann.says("naïve café 🦦"));
    await ann.seesNothing();
  }),

  behaves(
    "ends a line only at \\n",
    { from: "04-lines", to: "17-performance" },
    async (world) => {
      const ann = await world.join("ann");
      await ann.talks("one\u2028line");
      await ann.talks("one\rline");
    },
  ),

  behaves(
    "answers a last line without its \\n",
    { from: "04-lines", to: "17-performance" },
    async (world) => {
      const ann = await world.join("ann");
      ann.sendBytes("two");
      ann.finishes();
      await ann.sees(ann.says("two"));
      await ann.seesEnd();
    },
  ),

  behaves(
    "accepts a line of 1 MB",
    { from: "04-lines", to: "17-performance" },
    async (world) => {
      const ann = await world.join("ann");
      await ann.talks("é".repeat(500_000));
    },
  ),

  behaves(
    "buffers an endless line without limit",
    { from: "04-lines", to: "16-users", megabytes: true, defect: true },
    async (world) => {
      const ann = await world.join("ann");
      await ann.talks("hello");
      const half = "x".repeat(2_000_000);
      ann.sendBytes(half);
      ann.sendBytes(half);
      ann.send("");
      const line = await ann.lineOrEnd("4 MB in one line, or the connection end");
      if (line === ann.says(half + half)) return;
      // The server may send the reason before it closes.
      if (line !== undefined) await ann.seesEndSomeTime();
      await world.closedOnlyThat();
    },
  ),

  behaves(
    "closes a connection whose line never ends",
    { from: "17-performance" },
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      ann.sendBytes("x".repeat(4_000_000));
      await ann.seesEndSomeTime();
      await bob.seesNothing();
    },
  ),

  behaves(
    "lists its commands on connecting",
    { from: "05-commands", greeting: true },
    async (world) => {
      const ann = await world.connect("ann");
      await ann.seesAll(help(world.step));
    },
  ),

  behaves("answers /help with its commands", { from: "05-commands" }, async (world) => {
    const ann = await world.join("ann");
    ann.send("/help");
    await ann.seesAll(help(world.step));
    await ann.seesNothing();
  }),

  behaves("closes the connection on /quit", { from: "05-commands" }, async (world) => {
    const ann = await world.join("ann");
    await ann.talks("hello");
    ann.send("/quit");
    await ann.seesEnd();
  }),

  behaves(
    "reads on after /quit, so that the goodbye is not lost",
    { from: "05-commands", megabytes: true },
    async (world) => {
      const ann = await world.join("ann");
      ann.send("/quit");
      // Closing with bytes unread would reset the connection. Ending only our direction would
      // leave these bytes, and the client's end behind them, with the kernel forever.
      await ann.sendsAll(`${"x".repeat(63)}\n`.repeat(131_072));
      await ann.seesEnd();
    },
  ),

  behaves(
    "recognises a command only as a whole word",
    { from: "05-commands", to: "17-performance" },
    async (world) => {
      const ann = await world.join("ann");
      for (const text of [
        "/quitter",
        "/helpful",
        "/names",
        "/joined",
        " /quit",
        "/QUIT",
      ]) {
        await ann.talks(text);
      }
    },
  ),

  behaves("serves clients at the same time", { from: "06-concurrent" }, async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    await bob.talks("hello");
    await ann.leaves();
    await bob.talks("still here");
  }),

  behaves(
    "delivers no message to the other clients",
    { from: "06-concurrent", to: "06-concurrent", defect: true },
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      await ann.talks("hello");
      bob.send("hi!");
      await bob.seesDefect(bob.says("hi!"), { cure: ann.says("hello") });
    },
  ),

  behaves("survives a reset connection", { from: "06-concurrent" }, async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    await ann.talks("hello");
    await ann.resets();
    const eve = await world.join("eve");
    await eve.leaves();
    // Twice, because in 07 the first line that Bob receives is Ann's.
    bob.send("one");
    await bob.line();
    bob.send("two");
    await bob.line();
  }),

  behaves(
    "survives a reset in the middle of a line",
    { from: "06-concurrent" },
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      ann.sendBytes("half a li");
      await bob.talks("one");
      await ann.resets();
      await bob.talks("two");
    },
  ),

  behaves("survives a reset after /quit", { from: "06-concurrent" }, async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.sendBytes("/quit\none more\n");
    await ann.seesEnd();
    await ann.resets();
    await bob.talks("hello");
    const eve = await world.join("eve");
    await eve.leaves();
  }),

  behaves(
    "survives a reset before the greeting is read",
    { from: "06-concurrent" },
    async (world) => {
      const bob = await world.join("bob");
      for (let i = 0; i < 10; i += 1) {
        const ann = await world.connect("ann");
        await ann.resets();
      }
      await bob.talks("hello");
    },
  ),

  behaves(
    "survives a reset while it answers",
    { from: "06-concurrent" },
    async (world) => {
      const ann = await world.join("ann");
      ann.pauses();
      ann.sendBytes("a message for nobody\n".repeat(500));
      await ann.resets();
      const bob = await world.join("bob");
      bob.send("hello");
      await bob.line();
      await bob.leaves();
    },
  ),

  behaves(
    "serves the others while one client does not read",
    { from: "06-concurrent", megabytes: true, flags: ["--rate", "0"] },
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      ann.pauses();
      await bob.floods(12_000_000);
      await bob.talks("still here");
    },
  ),
];
