// The exercises of m2 · Many: users per server, one entry for all rooms, and a server that
// detects immediately that it is cut off.
import { Unmet } from "../client.ts";
import type { Member } from "../member.ts";
import { type Exercise, exercise } from "./exercise.ts";

/** More than a server takes to detect that it is cut off, in milliseconds. */
const PATIENCE = 8_000;

/** Requests the users per server until it is as expected, because other servers' changes lag. */
async function seesServers(ann: Member, expected: string): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    ann.send("/servers");
    const line = await ann.sees(/^Servers - /);
    if (line === `Servers - ${expected}`) return;
    if (Date.now() > deadline) throw new Unmet(`Servers - ${expected}`, line);
  }
}

export const EXERCISES_M2: readonly Exercise[] = [
  exercise(
    "m2.1",
    "says how many users each server has",
    async ({ join, joinOn, starts }) => {
      const ann = await join("ann");
      await seesServers(ann, "this one (1)");
      const [b, c] = [await starts(), await starts()];
      const bob = await joinOn(b, "bob");
      const cy = await joinOn(c, "cy");
      const dee = await joinOn(c, "dee");
      await seesServers(ann, "this one (1), another (2), another (1)");
      await seesServers(dee, "this one (2), another (1), another (1)");
      // A change of name or room is neither an arrival nor a departure.
      await cy.joins("attic");
      await cy.renames(`${cy.name}x`);
      await bob.leaves();
      await seesServers(ann, "this one (1), another (2)");
      c.process.kill("SIGTERM");
      await seesServers(ann, "this one (1)");
    },
    { broker: true, starts: true, signals: true },
  ),

  exercise(
    "m2.2",
    "appends what is said in all rooms in a turn as one entry",
    async ({ broker, join, unique }) => {
      const members: Member[] = [];
      for (let i = 0; i < 8; i += 1) {
        const member = await join(`member${i}`);
        await member.joins(unique("room"));
        members.push(member);
      }
      const eve = await join("eve");
      const before = await broker.entries();
      broker.pauses();
      const texts = ["one", "two", "three"];
      for (const text of texts) {
        for (const member of members) member.send(text);
        // /rooms is answered without the log, so what was sent before has been read.
        for (let i = 0; i < 2; i += 1) {
          eve.send("/rooms");
          await eve.sees(/^Rooms - /);
        }
      }
      broker.goesOn();
      for (const member of members) {
        for (const text of texts) await member.sees(member.says(text));
      }
      const grown = (await broker.entries()) - before;
      // One was in flight, and the next took the rest; the first turn may have made two.
      if (grown > 4) throw new Unmet("an entry or two for eight rooms", `${grown}`);
    },
    { broker: true, signals: true, patience: PATIENCE },
  ),

  exercise(
    "m2.3",
    "says at once that it is cut off, and that it is back",
    async ({ broker, join, joinOn, starts }) => {
      const ann = await join("ann");
      const other = await starts();
      const bob = await joinOn(other, "bob");
      for (let round = 0; round < 2; round += 1) {
        broker.pauses();
        await ann.sees("Cut off: what others say comes later");
        await bob.sees("Cut off: what others say comes later");
        broker.goesOn();
        await ann.sees("Connected again");
        await bob.sees("Connected again");
      }
      // No other line was sent.
      await ann.seesNothing(true);
      await bob.sees(ann.says("fence 1"));
      // A server that is stopped is not cut off: it says nothing of the kind when it continues.
      other.process.kill("SIGSTOP");
      await ann.sees(`${bob.name} left`);
      other.process.kill("SIGCONT");
      await ann.sees(`${bob.name} joined`);
      bob.send("I am back");
      for (let line = ""; line !== bob.says("I am back"); ) {
        line = await bob.line(`"${bob.says("I am back")}"`);
        if (/^Cut off|^Connected/.test(line)) {
          throw new Unmet("no false alarm after a server was stopped", `"${line}"`);
        }
      }
    },
    { broker: true, starts: true, signals: true, patience: PATIENCE },
  ),
];
