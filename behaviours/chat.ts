// Steps 07 to 09: messages reach everyone.

import { type Behaviour, behaves } from "./behaviour.ts";
import { Cured, Unmet } from "./client.ts";
import { quoted } from "./quoting.ts";
import { joined, left } from "./wire.ts";

const ONLY_07 = { from: "07-kinda-chat", to: "07-kinda-chat", defect: true };

export const CHAT: readonly Behaviour[] = [
  behaves(
    "delivers one message for each that the client sends",
    ONLY_07,
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      for (let i = 0; i < 10; i += 1) await ann.talks(`number ${i}`);
      bob.hasSeenNothing(ann.says("number 0"));
      for (let i = 0; i < 10; i += 1) {
        bob.send(`yes ${i}`);
        await bob.sees(ann.says(`number ${i}`));
      }
      bob.send("yes!");
      await bob.sees(bob.says("yes 0"));
    },
  ),

  behaves("disconnects a client more than 32 messages behind", ONLY_07, async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    for (let i = 0; i < 33; i += 1) await ann.talks(`number ${i}`);
    bob.send("hello");
    const line = await bob.lineOrEnd("the connection end");
    if (line === ann.says("number 0"))
      throw new Cured("the connection to end", quoted(line));
    if (line !== undefined) throw new Unmet("the connection to end", quoted(line));
  }),

  behaves(
    "delivers a message to a client that speaks too",
    { from: "07-kinda-chat" },
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      await ann.talks("hello");
      bob.send("hi!");
      await bob.sees(ann.says("hello"));
      await bob.leaves();
    },
  ),

  behaves(
    "delivers a message to the other clients",
    { from: "08-chat" },
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      await ann.talks("hello");
      await bob.sees(ann.says("hello"));
      await bob.talks("hi!");
      await ann.sees(bob.says("hi!"));
      await ann.seesNothing();
      await bob.sees(ann.says("fence 1"));
      await bob.seesNothing();
    },
  ),

  behaves(
    "delivers nothing sent before a client connected",
    { from: "07-kinda-chat" },
    async (world) => {
      const ann = await world.join("ann");
      await ann.talks("early");
      const bob = await world.join("bob");
      await bob.talks("late");
    },
  ),

  behaves(
    "delivers messages to all in the same order",
    { from: "08-chat" },
    async (world) => {
      const users = [
        await world.join("ann"),
        await world.join("bob"),
        await world.join("eve"),
      ];
      const [ann, bob, eve] = users;
      if (!ann || !bob || !eve) return;
      for (let i = 0; i < 10; i += 1) {
        ann.send(`a${i}`);
        bob.send(`b${i}`);
      }
      const orders: string[] = [];
      for (const user of users) {
        const seen: string[] = [];
        while (seen.length < 20) seen.push(await user.line());
        orders.push(seen.join("\n"));
        const sent = Array.from({ length: 10 }, (_, i) => [
          ann.says(`a${i}`),
          bob.says(`b${i}`),
        ]);
        for (const one of [0, 1]) {
          const expected = sent.map((pair) => pair[one]);
          const came = seen.filter((line) => expected.includes(line));
          if (world.step >= 9 && came.join() !== expected.join()) {
            const wanted = `${expected.join(", ")} in this order`;
            throw new Unmet(wanted, came.join(", ") || "none of these lines");
          }
        }
      }
      if (new Set(orders).size !== 1) {
        throw new Unmet("the same order for all", orders.join("\n---\n"));
      }
    },
  ),

  behaves(
    "delivers pending messages before it closes",
    { from: "08-chat" },
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      bob.sendBytes("one\ntwo\n/quit\n");
      await bob.sees(bob.says("one"));
      await bob.sees(bob.says("two"));
      await bob.seesEnd();
      await ann.sees(bob.says("one"));
      await ann.sees(bob.says("two"));
    },
  ),

  behaves(
    "disconnects a client that falls behind",
    { from: "08-chat", to: "17-performance", megabytes: true },
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      ann.pauses();
      await bob.floods(12_000_000);
      for (let i = 0; i < 1100; i += 1) await bob.talks(`number ${i}`);
      ann.resumes();
      const lines = await ann.seesEndSomeTime();
      if (lines.includes(bob.says("number 1099")))
        throw new Unmet("a gap", "every message");
      await bob.seesNothing();
    },
  ),

  ...(
    [
      ["reports to a client that falls behind how many messages it missed", false],
      ["reports missed messages after a change of rooms too", true],
    ] as const
  ).map(([title, moves]) =>
    behaves(
      title,
      { from: "18-final", rung: "18h", flags: ["--rate", "0"] },
      async (world) => {
        const ann = await world.join("ann");
        const bob = await world.join("bob");
        ann.pauses();
        const sent = await bob.floods(16_000_000);
        // When two servers share a log, Ann's may be behind, and then she would miss nothing.
        // Eve is on the same server, and is greeted once it has handled the whole flood.
        const eve = await world.join("eve");
        await bob.sees(joined(world.step, eve.name, "main"));
        if (moves) {
          ann.send(`/join ${world.unique("attic")}`);
          await bob.sees(left(world.step, ann.name, "main"));
        }
        ann.resumes();
        let seen = 0;
        let missed = 0;
        while (seen + missed < sent) {
          const line = await ann.line();
          const notice = /^Server is very busy and dropped (\d+) messages, sorry!$/.exec(
            line,
          );
          if (notice) missed += Number(notice[1]);
          else if (line.startsWith(`${bob.name}: `)) seen += 1;
        }
        if (missed === 0) throw new Unmet("a notice", `all ${seen} messages`);
        if (seen + missed !== sent) {
          throw new Unmet(`seen + missed to be ${sent}`, `${seen} + ${missed}`);
        }
        if (moves) return;
        await bob.talks("hello");
        await ann.sees(bob.says("hello"));
      },
    ),
  ),

  behaves(
    "gives everyone a name such as BraveOtter",
    { from: "09-names", greeting: true },
    async (world) => {
      const ann = await world.connect("ann");
      await ann.isNamed();
      if (!/^[A-Z][a-z]+[A-Z][a-z]+$/.test(ann.name)) {
        throw new Unmet("a name like BraveOtter", ann.name || "none");
      }
    },
  ),

  behaves(
    "prefixes a message with its sender's name",
    { from: "09-names" },
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      ann.send("hello");
      await ann.sees(`${ann.name}: hello`);
      await bob.sees(`${ann.name}: hello`);
    },
  ),
];
