// Crowds: what takes hundreds or thousands of connections, or of lines by the hundred thousand.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect } from "vitest";
import { usageOf } from "../../scripts/bench/usage.ts";
import { type AbuseCase, abuse, accountOf, GOODBYE, type Running } from "./site.ts";

const SLOW = { linux: true, slow: true };

/** Connections of which each has read its greeting. */
async function join({ server }: Running, count: number): Promise<Socket[]> {
  const { host, port } = server;
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const wave = Array.from(
      { length: Math.min(500, count - sockets.length) },
      async () => {
        const socket = connect({ host, port, noDelay: true });
        await once(socket, "data");
        return socket.on("error", () => {}).resume();
      },
    );
    sockets.push(...(await Promise.all(wave)));
  }
  return sockets;
}

const drop = (sockets: readonly Socket[]) => {
  for (const socket of sockets) socket.destroy();
};

/** Resident memory, in megabytes. */
const memoryOf = ({ server }: Running) => usageOf(server.process.pid).memory / 1e6;

export const CROWDS: readonly AbuseCase[] = [
  abuse(
    "delivers a flood of 200,000 lines whole, and what others say in it",
    async (site) => {
      const world = await site.start(["--rate", "0"]);
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      const eve = await world.join("eve");
      const count = 200_000;
      const batch = 1_000;
      for (let at = 0; at < count; at += batch) {
        const texts = Array.from({ length: batch }, (_, i) => `number ${at + i}`);
        ann.sendBytes(`${texts.join("\n")}\n`);
        eve.send(`word ${at / batch}`);
        let said = 0;
        let words = 0;
        while (said < batch || words < 1) {
          const line = await bob.line();
          if (line === ann.says(`number ${at + said}`)) said += 1;
          else if (line === eve.says(`word ${at / batch}`)) words += 1;
          else throw new Error(`number ${at + said} is missing: ${line}`);
        }
        // They read along, so that nobody lags.
        for (const one of [ann, eve]) {
          for (let i = 0; i < batch + 1; i += 1) await one.line();
        }
      }
    },
    SLOW,
  ),

  abuse(
    "closes 100 that never read, of 1,000, and the others miss nothing",
    async (site) => {
      const world = await site.start(["--rate", "0", "--max-stuck", "3"]);
      const others = await join(world, 900);
      const deaf = await join(world, 100);
      for (const socket of deaf) socket.pause();
      const before = memoryOf(world);
      const bob = await world.join("bob");
      const ann = await world.join("ann");
      const stuck = () =>
        world.server.process.output().match(/"msg":"stuck"/g)?.length ?? 0;
      let sent = 0;
      let most = 0;
      // Until the buffers of the systems are full, and on until all of them were closed.
      for (; stuck() < 100 && sent < 60_000; sent += 200) {
        bob.sendBytes(`${"x".repeat(390)}\n`.repeat(200));
        for (let i = 0; i < 200; i += 1) await bob.sees(bob.says("x".repeat(390)));
        most = Math.max(most, memoryOf(world));
      }
      await bob.talks("done");
      const lines: string[] = [];
      while (lines.at(-1) !== bob.says("done")) lines.push(await ann.line());
      const account = accountOf(lines, bob);
      console.log(
        `100 that never read among 1,000: ${stuck()} closed after ${sent} lines; ` +
          `memory ${before.toFixed(0)} MB before, ${most.toFixed(0)} at most`,
      );
      expect(stuck()).toBe(100);
      expect(account).toEqual({ said: sent + 1, missed: 0 });
      // What waits is in the room's log, once for all: 1,024 lines of 400 bytes.
      expect(most - before).toBeLessThan(300);
      drop([...others, ...deaf]);
    },
    SLOW,
  ),

  abuse(
    "takes in 8,000 that connect in a rush",
    async (site) => {
      const world = await site.start();
      const began = performance.now();
      const { cpu } = usageOf(world.server.process.pid);
      const sockets = await join(world, 8_000);
      const seconds = (performance.now() - began) / 1000;
      const used = usageOf(world.server.process.pid).cpu - cpu;
      console.log(
        `8,000 joined in ${seconds.toFixed(1)} s, for ${used.toFixed(1)} s of a processor`,
      );
      const ann = await world.join("ann");
      const rooms = await ann.rooms();
      expect(rooms).toEqual([{ name: "main", users: 8_001 }]);
      drop(sockets);
    },
    SLOW,
  ),

  abuse(
    "says goodbye to 1,000 clients",
    async (site) => {
      const world = await site.start();
      const sockets = await join(world, 1_000);
      const last = sockets.map(
        (socket) =>
          new Promise<string>((resolve) => {
            let text = "";
            socket.on("data", (bytes: Buffer) => {
              text = (text + bytes).slice(-100);
            });
            socket.on("close", () => resolve(text));
          }),
      );
      world.server.process.kill("SIGTERM");
      const texts = await Promise.all(last);
      expect(texts.filter((text) => !text.endsWith(`${GOODBYE}\n`))).toEqual([]);
      expect(await world.serverEnds()).toBe(0);
    },
    SLOW,
  ),

  abuse(
    "keeps 10,000 idle clients in a bounded memory",
    async (site) => {
      const world = await site.start(["--max-clients", "10010"]);
      const some = await join(world, 2_000);
      const before = memoryOf(world);
      const more = await join(world, 8_000);
      const each = ((memoryOf(world) - before) / 8_000) * 1_000;
      console.log(
        `8,000 more idle clients: ${each.toFixed(1)} kB each, garbage included`,
      );
      // The bench measures it exactly (`just bench 18 --load idle10000`): at most 10 kB.
      expect(each).toBeLessThan(40);
      drop([...some, ...more]);
    },
    SLOW,
  ),
];
