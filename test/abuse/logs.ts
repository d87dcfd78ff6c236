// The log: what is in it, and what becomes of the server when it cannot be written. Long lists.
import { closeSync, openSync, readFileSync } from "node:fs";
import { expect } from "vitest";
import type { Member } from "../../behaviours/member.ts";
import { type AbuseCase, abuse, fault, GOODBYE, logged } from "./site.ts";

const ON_LINUX = { linux: true };

const TERMINAL = `Object.defineProperty(process.stderr, "isTTY", { value: true });`;

/** So much that a pipe of 64 KiB is full. */
async function fills(ann: Member, lines = 2_000): Promise<void> {
  const names = Array.from({ length: lines }, (_, i) => `Ann-${i}`);
  ann.sendBytes(names.map((name) => `/name ${name}\n`).join(""));
  for (const name of names) {
    await ann.sees(`${ann.name} is now ${name}`);
    ann.name = name;
  }
}

export const LOGS: readonly AbuseCase[] = [
  abuse(
    "logs neither an unknown command nor what was said",
    async (site) => {
      const world = await site.start([], { env: { LOG_LEVEL: "trace" } });
      const ann = await world.join("ann");
      ann.send("/hunter2 hunter2");
      await ann.sees(/Unrecognized/);
      await ann.talks("hunter2");
      ann.sendBytes(`hunter2${"x".repeat(20_000)}`);
      await ann.seesEndSomeTime();
      await logged(world, /"disconnected"/);
      expect(world.server.process.output()).not.toContain("hunter2");
    },
    ON_LINUX,
  ),

  abuse(
    "logs in JSON, as much as LOG_LEVEL says",
    async (site) => {
      for (const [level, expected] of [
        ["debug", ["connected", "renamed", "disconnected", "stopping"]],
        ["info", ["connected", "disconnected", "stopping"]],
        ["silent", []],
      ] as const) {
        const world = await site.start([], { env: { LOG_LEVEL: level } });
        const ann = await world.join("ann");
        await ann.renames(world.unique("Ann"));
        ann.send("/quit");
        await ann.seesEnd();
        await ann.leaves();
        world.server.process.kill("SIGTERM");
        await world.serverEnds();
        const [, ...lines] = world.server.process.output().trim().split("\n");
        expect(lines.map((line) => JSON.parse(line).msg)).toEqual(expected);
      }
    },
    ON_LINUX,
  ),

  abuse(
    "logs the address of a user with whatever it logs of them",
    async (site) => {
      const world = await site.start(["--burst", "1", "--rate", "100"]);
      const ann = await world.join("ann");
      await ann.renames(world.unique("Ann"));
      ann.sendBytes("spam\n".repeat(10));
      await ann.seesAll(Array<string>(10).fill(ann.says("spam")));
      await ann.resets();
      await logged(world, /"disconnected"/);
      const bob = await world.join("bob");
      bob.sendBytes("x".repeat(20_000));
      await logged(world, /"disconnected"[\s\S]*"disconnected"/);
      const lines = world.server.process.output().split("\n");
      const ofUsers = lines.filter((line) => line.includes('"user"'));
      expect(ofUsers.length).toBe(7);
      for (const line of ofUsers) expect(JSON.parse(line).from, line).toBe("127.0.0.1");
    },
    ON_LINUX,
  ),

  abuse(
    "logs in colour, a line for people, on a terminal",
    async (site) => {
      const env = { LOG_LEVEL: "debug" };
      const world = await site.start([], { env, node: fault(TERMINAL) });
      const ann = await world.join("ann");
      const log = await logged(world, /.*connected[\s\S]*from.*/);
      expect(log).toContain("\x1b[32mINFO\x1b[39m");
      expect(log).toContain(ann.name);
      expect(log).not.toContain('"msg"');
      const to = world.unique("Ann");
      await ann.renames(to);
      // A field called name would be shown before the message, as the name of the log.
      const renamed = await logged(world, /.*renamed[\s\S]*to.*/);
      expect(renamed).toMatch(/^\S+ \S*DEBUG\S* \(\d+\): /);
      expect(renamed).toContain(to);
    },
    { linux: true, slow: true },
  ),

  abuse(
    "logs the number of what comes again and again, not the lines",
    async (site) => {
      const world = await site.start();
      const times = 40;
      for (let i = 0; i < times; i += 1) await (await world.join(`${i}`)).resets();
      const ann = await world.join("ann");
      for (;;) {
        ann.send("/users");
        if ((await ann.line()) === `Users - ${ann.name}`) break;
      }
      world.server.process.kill("SIGTERM");
      await ann.sees(GOODBYE);
      await ann.leaves();
      await world.server.process.ended;
      const resets = world.server.process
        .output()
        .split("\n")
        .filter((line) => line.includes('"reset"'));
      const sum = resets.reduce((all, line) => all + (JSON.parse(line).times ?? 1), 0);
      expect(sum).toBe(times);
      // Two lines for each ten seconds, and a machine that is slow.
      expect(resets.length).toBeLessThan(times / 2);
    },
    ON_LINUX,
  ),

  abuse(
    "goes on when nobody reads its log",
    async (site) => {
      const { child, world, ended } = await site.startWith("pipe");
      child.stderr?.pause();
      const ann = await world.join("ann");
      await fills(ann);
      await ann.talks("hello");
      child.kill("SIGTERM");
      await ann.sees(GOODBYE);
      await ann.leaves();
      expect(await ended).toBe(0);
    },
    ON_LINUX,
  ),

  abuse(
    "says how many lines of the log were lost, once it is read again",
    async (site) => {
      const { child, world } = await site.startWith("pipe");
      child.stderr?.pause();
      const ann = await world.join("ann");
      // A pipe, and a megabyte that the server keeps: of some 80 bytes each.
      await fills(ann, 20_000);
      let log = "";
      for await (const text of child.stderr as AsyncIterable<Buffer>) {
        log += text;
        if (/"log lost".*\n/.test(log)) break;
      }
      const { count } = JSON.parse(/\{[^{\n]*"log lost".*\}/.exec(log)?.[0] ?? "{}");
      expect(count).toBeGreaterThan(0);
    },
    { linux: true, slow: true },
  ),

  abuse(
    "goes on when the reader of its log has gone",
    async (site) => {
      const { child, world, ended } = await site.startWith("pipe");
      child.stderr?.destroy();
      const ann = await world.join("ann");
      await fills(ann);
      child.kill("SIGTERM");
      await ann.sees(GOODBYE);
      await ann.leaves();
      expect(await ended).toBe(0);
    },
    ON_LINUX,
  ),

  abuse(
    "goes on when the disk of its log is full",
    async (site) => {
      const full = openSync("/dev/full", "w");
      const { child, world, ended } = await site.startWith(full);
      closeSync(full);
      const ann = await world.join("ann");
      await fills(ann);
      child.kill("SIGTERM");
      await ann.sees(GOODBYE);
      await ann.leaves();
      expect(await ended).toBe(0);
    },
    ON_LINUX,
  ),

  abuse(
    "asks the system to look whether a silent client is there",
    async (site) => {
      const world = await site.start();
      const ann = await world.join("ann");
      const port = world.server.port.toString(16).toUpperCase().padStart(4, "0");
      const connected = new RegExp(`^ *\\d+: \\w+:${port} \\w+:\\w+ 01`);
      const timer = () => {
        const table = readFileSync("/proc/net/tcp", "utf8").split("\n");
        const row = table.find((line) => connected.test(line));
        return row?.trim().split(/\s+/)[5]?.slice(0, 2);
      };
      // 02 is keep-alive, 01 waits for an acknowledgement (proc(5), /proc/net/tcp).
      let seen = timer();
      for (let i = 0; i < 50 && seen !== "02"; i += 1) {
        await ann.talks("hello");
        seen = timer();
      }
      expect(seen).toBe("02");
    },
    ON_LINUX,
  ),

  abuse("lists in lines under 4 KiB, with each entry whole", async (site) => {
    const world = await site.start(["--rate", "0"]);
    const labels = Array.from({ length: 250 }, (_, i) =>
      // With Ann before them, the first 185 fill 4,095 bytes, and one more is the newline.
      `user-${i + 1000}`.padEnd(i === 184 ? 17 : 20, "x"),
    );
    const ann = await world.join("ann");
    await ann.renames("Ann".padEnd(20, "x"));
    const joins = async (user: Member, room: string) => {
      user.send(`/join ${room}`);
      while ((await user.line()) !== `You joined ${room}`);
    };
    const users: Member[] = [];
    for (const label of labels) {
      const user = await world.join(label);
      user.send(`/name ${label}`);
      await joins(user, `room-${label.slice(5)}`);
      users.push(user);
    }
    const listOf = async (command: string, head: string, count: number) => {
      const entries: string[] = [];
      ann.send(command);
      while (entries.length < count) {
        const line = await ann.line();
        if (!line.startsWith(head)) continue;
        expect(Buffer.byteLength(`${line}\n`)).toBeLessThan(4096);
        entries.push(...line.slice(head.length).split(", "));
      }
      return entries.sort();
    };
    const rooms = labels.map((label) => `room-${label.slice(5)} (1)`);
    expect(await listOf("/rooms", "Rooms - ", 251)).toEqual(
      [...rooms, "main (1)"].sort(),
    );
    for (const user of users) await joins(user, "hall");
    await joins(ann, "hall");
    const names = [...labels, ann.name].sort();
    expect(await listOf("/users", "Users - ", 251)).toEqual(names);
  }),
];
