// Steps 17 and 18: what is fast, and what is finished.
import { type Behaviour, behaves } from "./behaviour.ts";

const NAME_RULE = "Name must be 2 - 20 alphanumeric chars";
const ROOM_RULE = "Room must be 2 - 20 alphanumeric chars";
const NOT_NAMES = ["", "x", "a".repeat(21), "a,b", "né", "a/b", "a:b"];

const LINE_RULE = "Lines can only be 16384 bytes long";

export const LIMITS: readonly Behaviour[] = [
  behaves(
    "delivers thousands of lines from one write to all",
    { from: "17-performance", flags: ["--rate", "0"] },
    async (world) => {
      const alice = await world.join("alice");
      const bob = await world.join("bob");
      const texts = Array.from({ length: 3000 }, (_, i) => `number ${i}`);
      alice.send(texts.join("\n"));
      const lines = texts.map((text) => alice.says(text));
      await Promise.all([alice.seesAll(lines), bob.seesAll(lines)]);
    },
  ),

  behaves("refuses an invalid name", { from: "18-final" }, async (world) => {
    const alice = await world.join("alice");
    for (const name of NOT_NAMES) {
      alice.send(`/name ${name}`);
      await alice.sees(NAME_RULE);
    }
    for (const name of ["b2", "a-b_c", "x".repeat(20)]) await alice.renamesSoon(name);
  }),

  behaves("refuses an invalid room name", { from: "18-final" }, async (world) => {
    const alice = await world.join("alice");
    for (const room of NOT_NAMES) {
      alice.send(`/join ${room}`);
      await alice.sees(ROOM_RULE);
    }
    await alice.talks("hello");
  }),

  behaves(
    "accepts messages of up to 400 characters",
    { from: "18-final" },
    async (world) => {
      const alice = await world.join("alice");
      const bob = await world.join("bob");
      await alice.talks("x".repeat(400));
      await alice.talks("🦦".repeat(400));
      for (const text of ["x".repeat(401), "🦦".repeat(401), "é".repeat(5_000)]) {
        alice.send(text);
        await alice.sees("Messages can only be 400 chars long");
      }
      await alice.talks("hello");
      await bob.sees(alice.says("x".repeat(400)));
      await bob.sees(alice.says("🦦".repeat(400)));
      await bob.sees(alice.says("hello"));
    },
  ),

  behaves(
    "closes a connection after a line of more than 16 KiB, and says why",
    { from: "18-final" },
    async (world) => {
      const alice = await world.join("alice");
      const bob = await world.join("bob");
      // As long as allowed, and answered like any line.
      alice.send("x".repeat(16_384));
      await alice.sees("Messages can only be 400 chars long");
      alice.sendBytes("x".repeat(16_385));
      await alice.sees(LINE_RULE);
      await alice.seesEnd();
      await bob.renamesSoon(alice.name);
      await bob.seesNothing();
    },
  ),

  behaves(
    "delivers the lines before one that is too long",
    { from: "18-final" },
    async (world) => {
      const alice = await world.join("alice");
      const bob = await world.join("bob");
      alice.sendBytes(`hello before\n${"x".repeat(20_000)}\nnever\n`);
      await alice.sees(alice.says("hello before"));
      await alice.sees(LINE_RULE);
      await alice.seesEnd();
      await bob.sees(alice.says("hello before"));
      await bob.seesNothing();
    },
  ),

  behaves(
    "does not broadcast an unknown command",
    { from: "18-final" },
    async (world) => {
      const alice = await world.join("alice");
      const bob = await world.join("bob");
      for (const word of ["/names", "/quitter", "/helpful", "/", "/QUIT"]) {
        alice.send(`${word} please`);
        await alice.sees(`Unrecognized command ${word}, try /help`);
      }
      await bob.seesNothing();
    },
  ),
];
