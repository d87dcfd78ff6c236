// The programs of the asides: each prints what it claims to show.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "../../behaviours/steps.ts";
import { runAside } from "./run.ts";

const FOLDER = join(ROOT, "examples/asides");
const PROGRAMS = readdirSync(FOLDER).filter((file) => file.endsWith(".ts"));

test.each(PROGRAMS)(
  "%s says what it shows, for which page, and how to run it",
  (file) => {
    const source = readFileSync(join(FOLDER, file), "utf8");
    const [comment = ""] = /^(\/\/.*\n)+/.exec(source) ?? [];
    expect(comment).toMatch(/^\/\/ [A-Z]/);
    expect(comment).toMatch(/\n\/\/ Page: docs\/[a-z0-9/-]+\.md\n/);
    const [, command = file.replace(".ts", "")] =
      /just example (\S+)/.exec(comment) ?? [];
    expect(`${command}.ts`).toBe(file);
  },
);

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("count-to", () => {
  const together = numbers(1, 3).flatMap((n) => [`  to 3: ${n}`, `  to 10: ${n}`]);

  test("shows that the loser of a race keeps counting, unless it checks a signal", async () => {
    expect(await runAside("count-to")).toEqual([
      "Promise.race:",
      ...together,
      "  the count to 3 has won",
      ...numbers(4, 10).map((n) => `  to 10: ${n}`),
      "Promise.race, and the loser is cancelled:",
      ...together,
      "  the count to 3 has won",
      "  to 10: AbortError",
    ]);
  });
});

describe("promise-race", () => {
  test("shows that a race drops the loser's messages, and that select does not", async () => {
    const lines = await runAside("promise-race");
    const words = lines.map((line) => line.match(/(user|peer)\d/g) ?? []);
    const [saidInRace = [], heardInRace, saidInSelect = [], heardInSelect] = words;
    expect(saidInRace).toEqual(expect.arrayContaining(["user6", "peer1", "peer2"]));
    expect(heardInRace).toEqual(saidInRace.filter((word) => word.startsWith("user")));
    expect(heardInSelect).toEqual(saidInSelect);
    expect(saidInSelect).toEqual(saidInRace);
  });
});

test("eager shows what starts when called, and what starts when awaited", async () => {
  expect(await runAside("eager")).toEqual([
    "an async function",
    "  Ann: starts",
    "  it was called, nobody awaits it yet",
    "  Ann: goes on",
    "a function that calls it",
    "  it was made, nothing was called yet",
    "  Bob: starts",
    "  Bob: goes on",
    "a thenable",
    "  it was made, nobody awaits it yet",
    "  Eve: starts",
    "  Eve: goes on",
  ]);
});

test("state-machine shows that both echoes do the same", async () => {
  const [byAwait = "", byHand = ""] = await runAside("state-machine");
  const done = "read, write a, read, write b, read; 2 pieces";
  expect(byAwait).toBe(`echo: ${done}`);
  expect(byHand).toBe(`echoByHand: ${done}`);
});

test("race-across-await shows two owners of a name, and three fixes", async () => {
  expect(await runAside("race-across-await")).toEqual([
    "takeWrong    Ann has it, Bob has it",
    "checkLast    Ann has it, Bob does not",
    "reserveFirst Ann has it, Bob does not",
    "holdLock     Ann has it, Bob does not",
  ]);
});

test("mutex shows that money is lost without a lock", async () => {
  expect(await runAside("mutex")).toEqual([
    "without a lock: 50 of 100 left, after 30 and 50 went",
    "with a lock:    20 of 100 left, after 30 and 50 went",
  ]);
});

test("deadlocks shows three deadlocks, each with a fix", async () => {
  const lines = await runAside("deadlocks");
  expect(lines.map((line) => line.split(": ").at(-1))).toEqual([
    "deadlock",
    "finished",
    "deadlock",
    "finished",
    "deadlock",
    "finished",
  ]);
});

test("rwlock shows readers together, a writer alone, and no starvation", async () => {
  expect(await runAside("rwlock")).toEqual([
    "Ann comes in: Ann inside",
    "Bob comes in: Ann and Bob inside",
    "Ann leaves",
    "Bob leaves",
    "Writer comes in: Writer inside",
    "Writer leaves",
    "Eve comes in: Eve inside",
    "Eve leaves",
  ]);
});

test("actor shows that requests are served one at a time without a lock", async () => {
  expect(await runAside("actor")).toEqual([
    "Ann takes Otter: true",
    "Bob takes Otter: false",
    "Ann gives it back, and Bob takes Otter: true",
  ]);
});

test("order shows the order of the queues", async () => {
  expect(await runAside("order")).toEqual([
    "From a callback of I/O:",
    "  the rest of the function",
    "  nextTick",
    "  a microtask",
    "  a promise's reaction",
    "  setImmediate",
    "  a timer of 0 ms",
    "From a module, or behind an await:",
    "  the rest of the function",
    "  a microtask",
    "  a promise's reaction",
    "  nextTick",
    "Microtasks go first, however many they are:",
    "  1,000 awaits of nothing",
    "  setImmediate",
  ]);
});

test("backpressure shows where unread bytes are buffered", async () => {
  expect(await runAside("backpressure")).toEqual([
    "ignoreFalse: keeps more than 48 MB",
    "  all has arrived in the end: yes",
    "waitForDrain: keeps less than 1 MB",
    "  all has arrived in the end: yes",
  ]);
});

test("goodbye shows what three ways of closing do with unread bytes", async () => {
  expect(await runAside("goodbye")).toEqual([
    "destroy  a part of it; the server's socket is closed",
    "end      all of it; the server's socket is still open",
    "finish   all of it; the server's socket is closed",
  ]);
});

test("tcp shows that message boundaries are lost, and how connections end", async () => {
  expect(await runAside("tcp")).toEqual([
    String.raw`two writes, one read:  "one\ntwo\n"`,
    String.raw`one write, two reads:  "thre" and "e\n"`,
    `after a half-close:    "the answer to a question"`,
    "after a reset:         ECONNRESET",
    "closed with unread:    ECONNRESET",
  ]);
});

describe("nagle", () => {
  // The delay depends on the system: it is known only for Linux.
  test.skipIf(process.platform !== "linux")("shows the delay and two fixes", async () => {
    expect(await runAside("nagle")).toEqual([
      "two writes a request, against",
      "  two writes with noDelay: more than 5 times as fast",
      "  one write:               more than 5 times as fast",
    ]);
  });
});

test("kernel-buffers shows how much the kernel buffers for a peer that does not read", async () => {
  expect(await runAside("kernel-buffers")).toEqual([
    "bytes that were read: 0",
    "the kernel has taken more than 64 KiB: yes",
    "it takes no more: yes",
    "the reader begins to read, and all of it was kept",
  ]);
});

test("readiness shows the buffers that each model needs", async () => {
  expect(await runAside("readiness")).toEqual([
    "1,000 connections, two of them speak",
    "  readiness:  heard seven and forty-two; buffers of 4 KiB",
    "  completion: heard seven and forty-two; buffers of 4000 KiB",
  ]);
});

test("backlog shows that the kernel accepts while our thread is blocked", async () => {
  expect(await runAside("backlog")).toEqual([
    "the client has connected and sent",
    "connections that we have accepted: 0",
    'now we have accepted 1, and read "hello"',
  ]);
});

test("request-way shows each state of a request, and the deadline of each", async () => {
  const lines = await runAside("request-way");
  const words = lines.map((line) => line.split(/\s+/));
  // Each transition starts where the previous one ended, and the last returns to the start.
  const [states, after] = [words.map(([from]) => from), words.map((line) => line[2])];
  expect(states.slice(1)).toEqual(after.slice(0, -1));
  expect([states[0], after.at(-1)]).toEqual(["idle", "idle"]);
  expect(after).toEqual([
    "head",
    "waiting",
    "writing",
    "writing",
    "waiting",
    "writing",
    "idle",
  ]);
});

test("interleavings finds each bug, and the steps that lead to it", async () => {
  expect(await runAside("interleavings")).toEqual([
    "One value, to a thread that may sleep",
    "  as it should be                   136 orders, all go well",
    "  wakes before it sends             receiver: asleep forever",
    "  does not look again               receiver: asleep forever",
    "  says so by a plain write          receiver: asleep forever",
    "  moves the tail before it writes   receives 0",
    "How it goes wrong when the receiver does not look again",
    "  sender: write ring.slots[0] 7, now seen by all",
    "  receiver: load ring.ends[16]",
    "  sender: store ring.ends[16] 1",
    "  sender: exchange parking[0] 0",
    "  receiver: store parking[0] 1",
    "  receiver: wait parking[0] 1",
  ]);
});
