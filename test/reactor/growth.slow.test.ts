// Holds the servers that are to run for long to that: after a hundred thousand clients, many
// of them rude, they have as many descriptors as before, and as much memory.
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, expect, inject, test } from "vitest";
import { type Server, startServer } from "../../behaviours/server.ts";
import { availablePollers } from "../../examples/shared/poll/readiness/pollers.ts";
import { usageOf } from "../../scripts/bench/usage.ts";
import { sendCrowd } from "./crowd.ts";

/** Until the heap has found its size, and the compiler is done: measured, some 5,000. */
const WARM = 20_000;
const CLIENTS = 100_000;
/** Bytes that the server may have more for each client: less than an object. */
const BOUND = 40;
/**
 * A heap takes a step of some megabytes now and then, and stays there. A leak grows with the
 * clients, however many there are: so when there is doubt, more are sent.
 */
const MOST = 4 * CLIENTS;
/**
 * The collector works in the server's own thread: otherwise the heap is as large as the
 * machine is busy. And the heap is small: these servers make so little garbage that in a large
 * one thousands of clients come and go between two collections.
 */
const FLAGS = [
  "--single-threaded-gc",
  "--max-semi-space-size=1",
  "--max-old-space-size=16",
];

/** A file of some writes, from which clients go away in the middle. */
const MIDDLING = Buffer.alloc(300_000, "0123456789abcdef\n");
const SERVERS = [
  { slug: "r3-epoll", args: [] },
  ...availablePollers().map(({ name }) => ({
    slug: "r4-poll",
    args: ["--poller", name],
  })),
];

let server: Required<Server> | undefined;
afterEach(async () => {
  server?.process.kill("SIGKILL");
  await server?.process.ended;
});

beforeAll(() => {
  writeFileSync(join(inject("built"), "shared/public/middling.bin"), MIDDLING);
});

const sees = process.platform === "linux";
if (!sees) {
  console.warn(
    "\n*** NOT RUN here: growth, as only Linux lets one look into a process ***",
  );
}

for (const { slug, args } of SERVERS) {
  const name = [slug, ...args.slice(1)].join(" by ");
  const title = `${name} does not grow over ${CLIENTS.toLocaleString("en")} clients`;
  test.runIf(sees)(title, { timeout: 300_000 }, async () => {
    const program = join(inject("built"), slug, "server.js");
    server = await startServer({
      command: [process.execPath, ...FLAGS, program, ...args],
    });
    const { port } = server;
    const { pid } = server.process;
    await sendCrowd(port, WARM, () => {});
    const descriptors = await fewestDescriptors(port, pid);
    const early = await lowestMemory(port, pid, 0.1 * CLIENTS);
    let kept = Number.POSITIVE_INFINITY;
    for (let sent = CLIENTS; kept >= BOUND && sent <= MOST; sent += CLIENTS) {
      await sendCrowd(port, 0.9 * CLIENTS, () => {});
      kept = ((await lowestMemory(port, pid, 0.1 * CLIENTS)) - early) / sent;
    }
    expect(kept, "bytes a client").toBeLessThan(BOUND);
    expect(await fewestDescriptors(port, pid)).toBe(descriptors);
  });
}

/** Looks all the time while clients come and go: the lowest is that after a collection. */
async function lowestMemory(port: number, pid: number, clients: number): Promise<number> {
  let lowest = Number.POSITIVE_INFINITY;
  await sendCrowd(port, clients, () => {
    lowest = Math.min(lowest, usageOf(pid).memory);
  });
  return lowest;
}

/** Looks after each of some polite clients: they come behind all who went away before. */
async function fewestDescriptors(port: number, pid: number): Promise<number> {
  let fewest = Number.POSITIVE_INFINITY;
  for (let time = 0; time < 10; time += 1) {
    await sendCrowd(port, 1, () => {});
    fewest = Math.min(fewest, readdirSync(`/proc/${pid}/fd`).length);
  }
  return fewest;
}
