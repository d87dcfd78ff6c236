// Names and rooms of step 18 against a model: any commands in any order, each with exactly the lines
// that the model expects, for everyone; and commands of several clients at once, in an order that
// fast-check's scheduler chooses.
//
// MODEL_RUNS in the environment says how many runs: 10,000 for a night.
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Member } from "../../behaviours/member.ts";
import { type Server, startServer } from "../../behaviours/server.ts";
import { World } from "../../behaviours/world.ts";
import { ALL } from "../requirements.ts";

const RUNS = Number(process.env["MODEL_RUNS"] ?? (ALL ? 200 : 10));
const PATIENCE = 15_000;
const RESERVED = ["server", "system", "admin", "you", "main"];
const WORD = /^[A-Za-z0-9][A-Za-z0-9_-]{1,19}$/;
const SLOTS = 4;
/** What one asks for as a name or as a room: some are the same, some are none. */
const WORDS = [
  "Ann",
  "ann",
  "ANN",
  "bob",
  "Bob",
  "eve-2",
  "Main",
  "MAIN",
  "you",
  "-x",
  "x",
  "",
];

/** What the server knows: who is connected, under which name, in which room. */
type Model = Map<number, { name: string; room: string }>;

/** Who is connected, and one who is always there, in a room of its own. */
interface Real {
  readonly world: World;
  readonly warden: Member;
  readonly clients: Map<number, Member>;
}

let server: Required<Server>;
beforeAll(async () => {
  const program = join(inject("built"), "18-final/server.js");
  const command = [process.execPath, program, "--rate", "0"];
  server = await startServer({ command, env: { LOG_LEVEL: "silent" } });
});
afterAll(async () => {
  server.process.kill("SIGKILL");
  await server.process.ended;
});

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
const inRoom = (model: Model, room: string) =>
  [...model].filter(([, user]) => user.room === room).map(([slot]) => slot);

/** Everyone sees just these lines next. */
async function expectLines(
  { clients }: Real,
  lines: ReadonlyMap<number, readonly string[]>,
): Promise<void> {
  for (const [slot, expected] of lines) {
    for (const line of expected)
      expect(await clients.get(slot)?.line(line, true)).toBe(line);
  }
}

/** The same line for everyone in a room. */
function forAll(model: Model, room: string, line: string): Map<number, string[]> {
  return new Map(inRoom(model, room).map((slot) => [slot, [line]]));
}

abstract class Step implements fc.AsyncCommand<Model, Real> {
  readonly slot: number;
  readonly word: string;

  constructor(slot: number, word = "") {
    this.slot = slot;
    this.word = word;
  }

  check(model: Readonly<Model>): boolean {
    return model.has(this.slot);
  }

  abstract run(model: Model, real: Real): Promise<void>;

  toString(): string {
    return `${this.constructor.name}(${this.slot}, "${this.word}")`;
  }
}

class Connect extends Step {
  override check(model: Readonly<Model>): boolean {
    return !model.has(this.slot);
  }

  override async run(model: Model, real: Real): Promise<void> {
    const client = await real.world.join(`${this.slot}`);
    const { name } = client;
    expect([...model.values()].some((user) => same(user.name, name))).toBe(false);
    await expectLines(real, forAll(model, "main", `${name} joined`));
    model.set(this.slot, { name, room: "main" });
    real.clients.set(this.slot, client);
  }
}

class Rename extends Step {
  override async run(model: Model, real: Real): Promise<void> {
    const { slot, word } = this;
    const user = model.get(slot);
    const client = real.clients.get(slot);
    if (!user || !client) return;
    client.send(`/name ${word}`);
    const others = [...model].filter(([other]) => other !== slot);
    const taken =
      RESERVED.includes(word.toLowerCase()) ||
      others.some(([, other]) => same(other.name, word));
    const only = (line: string) => expectLines(real, new Map([[slot, [line]]]));
    if (!WORD.test(word)) return only("Name must be 2 - 20 alphanumeric chars");
    if (word === user.name) return only(`You are ${word}`);
    if (taken) return only(`${word} is already taken`);
    await expectLines(real, forAll(model, user.room, `${user.name} is now ${word}`));
    user.name = word;
  }
}

class Move extends Step {
  override async run(model: Model, real: Real): Promise<void> {
    const { slot, word } = this;
    const user = model.get(slot);
    const client = real.clients.get(slot);
    if (!user || !client) return;
    client.send(`/join ${word}`);
    const only = (line: string) => expectLines(real, new Map([[slot, [line]]]));
    if (!WORD.test(word)) return only("Room must be 2 - 20 alphanumeric chars");
    // Where all begin has that name, whether somebody is there or not.
    const rooms = ["main", ...[...model.values()].map((one) => one.room)];
    const room = rooms.find((one) => same(one, word)) ?? word;
    if (room === user.room) return only(`You are in ${room}`);
    const from = user.room;
    model.delete(slot);
    await expectLines(real, forAll(model, from, `${user.name} left`));
    await expectLines(real, forAll(model, room, `${user.name} joined`));
    await expectLines(
      real,
      new Map([[slot, [`You left ${from}`, `You joined ${room}`]]]),
    );
    model.set(slot, { ...user, room });
  }
}

class Say extends Step {
  override async run(model: Model, real: Real): Promise<void> {
    const user = model.get(this.slot);
    real.clients.get(this.slot)?.send(`hello ${this.word}`.trim());
    if (user === undefined) return;
    const line = `${user.name}: ${`hello ${this.word}`.trim()}`;
    await expectLines(real, forAll(model, user.room, line));
  }
}

class List extends Step {
  override async run(model: Model, real: Real): Promise<void> {
    const { slot } = this;
    const room = model.get(slot)?.room ?? "";
    const names = [...model.values()]
      .filter((one) => one.room === room)
      .map((one) => one.name);
    real.clients.get(slot)?.sendBytes("/users\n/rooms\n");
    const users = `Users - ${names.sort().join(", ")}`;
    await expectLines(real, new Map([[slot, [users, `Rooms - ${roomsOf(model)}`]]]));
  }
}

/** As /rooms lists them: the warden's too. */
function roomsOf(model: Model): string {
  const sizes = new Map([["warden", 1]]);
  for (const { room } of model.values()) sizes.set(room, (sizes.get(room) ?? 0) + 1);
  return [...sizes]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([name, size]) => `${name} (${size})`)
    .join(", ");
}

const WAYS = ["quits", "finishes", "closes", "resets", "is cut off"] as const;

class Leave extends Step {
  override async run(model: Model, real: Real): Promise<void> {
    const { slot, word } = this;
    const user = model.get(slot);
    const client = real.clients.get(slot);
    if (!user || !client) return;
    model.delete(slot);
    real.clients.delete(slot);
    if (word === "quits") client.send("/quit");
    if (word === "finishes") client.finishes();
    if (word === "is cut off") client.sendBytes("half a li");
    if (word === "closes") await client.leaves();
    else if (word === "quits" || word === "finishes") await client.seesEnd();
    else await client.resets();
    client.destroy();
    await expectLines(real, forAll(model, user.room, `${user.name} left`));
    // Where nobody is left to see it, a reset may take a moment.
    await settled(real, roomsOf(model));
  }
}

async function settled({ warden }: Real, rooms: string): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    warden.send("/rooms");
    const line = await warden.line("the rooms", true);
    if (line === `Rooms - ${rooms}`) return;
    if (Date.now() > deadline) expect(line).toBe(`Rooms - ${rooms}`);
  }
}

/** A world with its warden; in the end all have left. */
async function inWorld(run: (real: Real) => Promise<void>): Promise<void> {
  const world = new World({ server, step: 18, patience: PATIENCE });
  const warden = await world.join("warden");
  await warden.joins("warden");
  const real: Real = { world, warden, clients: new Map() };
  try {
    await run(real);
    for (const client of real.clients.values()) client.destroy();
    await settled(real, "warden (1)");
    await warden.leaves();
  } finally {
    world.close();
  }
}

const slot = fc.nat(SLOTS - 1);
const word = fc.constantFrom(...WORDS);
const COMMANDS = [
  slot.map((one) => new Connect(one)),
  slot.map((one) => new Connect(one)),
  fc.tuple(slot, word).map(([one, text]) => new Rename(one, text)),
  fc.tuple(slot, word).map(([one, text]) => new Rename(one, text)),
  fc.tuple(slot, word).map(([one, text]) => new Move(one, text)),
  fc.tuple(slot, word).map(([one, text]) => new Move(one, text)),
  fc.tuple(slot, word).map(([one, text]) => new Say(one, text)),
  slot.map((one) => new List(one)),
  fc.tuple(slot, fc.constantFrom(...WAYS)).map(([one, way]) => new Leave(one, way)),
];

test("any commands in any order do what the model does", {
  timeout: 60_000 + 2_000 * RUNS,
}, async () => {
  const commands = fc.commands(COMMANDS, { maxCommands: 40, size: "max" });
  const run = (all: Iterable<fc.AsyncCommand<Model, Real>>) =>
    inWorld((real) => fc.asyncModelRun(() => ({ model: new Map(), real }), all));
  await fc.assert(fc.asyncProperty(commands, run), { numRuns: RUNS });
});

/** What one of several clients does at once, all in one room. */
const script = fc.array(
  fc.oneof(
    fc.constantFrom("Ann", "ann", "bob", "Bob", "eve").map((name) => `/name ${name}`),
    fc.constantFrom("hello", "good night"),
  ),
  { maxLength: 8, size: "max" },
);

test("commands of several at once: names stay unique, and all see one order", {
  timeout: 60_000 + 2_000 * RUNS,
}, async () => {
  const scripts = fc.array(script, { minLength: 3, maxLength: 3 });
  const run = (scripts: string[][], scheduler: fc.Scheduler) =>
    inWorld(async (real) => {
      const clients: Member[] = [];
      for (const at of scripts.keys()) {
        const client = await real.world.join(`${at}`);
        real.clients.set(at, client);
        clients.push(client);
      }
      const names = new Set(clients.map(({ name }) => name));
      const sequences = scripts.map((lines, at) =>
        scheduler.scheduleSequence(
          lines.map((line) => ({
            label: `${at}: ${line}`,
            builder: async () => clients[at]?.send(line),
          })),
        ),
      );
      await scheduler.waitIdle();
      await Promise.all(sequences.map(({ task }) => task));
      for (const client of clients) client.send("done");
      const seen = await Promise.all(clients.map(untilAllDone));
      // What the last to come saw, all have seen, in the same order.
      const shared = seen[clients.length - 1] ?? [];
      for (const events of seen) expect(events.slice(-shared.length)).toEqual(shared);
      for (const event of shared) {
        const [, from, to] = /^(\S+) is now (\S+)$/.exec(event) ?? [];
        const [, speaker] = /^(\S+): /.exec(event) ?? [];
        if (speaker !== undefined) expect(names).toContain(speaker);
        if (from === undefined || to === undefined) continue;
        expect(names.delete(from), event).toBe(true);
        expect(
          [...names].some((name) => same(name, to)),
          event,
        ).toBe(false);
        names.add(to);
      }
    });
  await fc.assert(fc.asyncProperty(scripts, fc.scheduler(), run), { numRuns: RUNS });
});

/** What everybody sees, without answers to one client, until all have said that they are done. */
async function untilAllDone(
  client: Member,
  _: number,
  all: readonly Member[],
): Promise<string[]> {
  const events: string[] = [];
  for (let done = 0; done < all.length; ) {
    const line = await client.line("the others", true);
    if (/: done$/.test(line)) done += 1;
    if (/^\S+: | is now /.test(line)) events.push(line);
  }
  return events;
}
