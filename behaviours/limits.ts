// Steps 17 and 18: throughput, and limits.
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
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      const texts = Array.from({ length: 3000 }, (_, i) => `number ${i}`);
      ann.send(texts.join("\n"));
      const lines = texts.map((text) => ann.says(text));
      await Promise.all([ann.seesAll(lines), bob.seesAll(lines)]);
    },
  ),

  behaves("refuses an invalid name", { from: "18-final", rung: "18c" }, async (world) => {
    const ann = await world.join("ann");
    for (const name of NOT_NAMES) {
      ann.send(`/name ${name}`);
      await ann.sees(NAME_RULE);
    }
    for (const name of ["b2", "a-b_c", "x".repeat(20)]) await ann.renamesSoon(name);
  }),

  behaves(
    "refuses an invalid room name",
    { from: "18-final", rung: "18c" },
    async (world) => {
      const ann = await world.join("ann");
      for (const room of NOT_NAMES) {
        ann.send(`/join ${room}`);
        await ann.sees(ROOM_RULE);
      }
      await ann.talks("hello");
    },
  ),

  behaves(
    "accepts messages of up to 400 characters",
    { from: "18-final", rung: "18c" },
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      await ann.talks("x".repeat(400));
      await ann.talks("🦦".repeat(400));
      for (const text of ["x".repeat(401), "🦦".repeat(401), "é".repeat(5_000)]) {
        ann.send(text);
        await ann.sees("Messages can only be 400 chars long");
      }
      await ann.talks("hello");
      await bob.sees(ann.says("x".repeat(400)));
      await bob.sees(ann.says("🦦".repeat(400)));
      await bob.sees(ann.says("hello"));
    },
  ),

  behaves(
    "closes a connection after a line of more than 16 KiB, and says why",
    { from: "18-final", rung: "18e" },
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      // The longest line allowed is answered like any other.
      ann.send("x".repeat(16_384));
      await ann.sees("Messages can only be 400 chars long");
      ann.sendBytes("x".repeat(16_385));
      await ann.sees(LINE_RULE);
      await ann.seesEnd();
      await bob.renamesSoon(ann.name);
      await bob.seesNothing();
    },
  ),

  behaves(
    "delivers the lines before one that is too long",
    { from: "18-final", rung: "18e" },
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      ann.sendBytes(`hello before\n${"x".repeat(20_000)}\nnever\n`);
      await ann.sees(ann.says("hello before"));
      await ann.sees(LINE_RULE);
      await ann.seesEnd();
      await bob.sees(ann.says("hello before"));
      await bob.seesNothing();
    },
  ),

  behaves(
    "does not broadcast an unknown command",
    { from: "18-final", rung: "18c" },
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      for (const word of ["/names", "/quitter", "/helpful", "/", "/QUIT"]) {
        ann.send(`${word} please`);
        await ann.sees(`Unrecognized command ${word}, try /help`);
      }
      await bob.seesNothing();
    },
  ),
];
