// Servers do not grow: after a hundred thousand clients, many of them rude, they have as
// many descriptors and as much memory as before.
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, expect, inject, test } from "vitest";
import { type Server, startServer } from "../../behaviours/server.ts";
import { availablePollers } from "../../examples/shared/poll/readiness/pollers.ts";
import { grows, slopeOf } from "../../scripts/attack/slope.ts";
import { sendCrowd } from "./crowd.ts";
import { PROBED, probe, type Sample } from "./probe.ts";

/** Clients until the heap is stable and the code is compiled; measured: about 5,000. */
const WARM = 20_000;
const CLIENTS = 100_000;
/** Clients between two samples. */
const EACH = 4_000;
/**
 * Bytes per client, by kind, that do not count as growth: less than an object. Resident
 * memory grows in steps of megabytes, which belong to no client.
 */
const LEAST = { heap: 4, rss: 40 } as const;
const KINDS = ["heap", "rss"] as const;
/**
 * A step makes the line through the samples rise, but less so with each further sample. A
 * leak keeps growing with the clients. In doubt, more clients are sent.
 */
const MOST = 4 * CLIENTS;
/**
 * Garbage is collected on the server's own thread: other threads would free some of it only
 * after the sample. The heap is small, so that leaks show sooner.
 */
const FLAGS = [
  "--single-threaded-gc",
  "--max-semi-space-size=1",
  "--max-old-space-size=16",
];

/** A file that takes several writes: clients leave in the middle of it. */
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
  console.warn("\n*** NOT RUN here: growth, which can only be measured on Linux ***");
}

for (const { slug, args } of SERVERS) {
  const name = [slug, ...args.slice(1)].join(" with ");
  const title = `${name} does not grow over ${CLIENTS.toLocaleString("en")} clients`;
  test.runIf(sees)(title, { timeout: 600_000 }, async () => {
    server = await startProbed(slug, args);
    const { port } = server;
    const { pid } = server.process;
    await sendCrowd(port, WARM, () => {});
    const descriptors = await fewestDescriptors(port, pid);
    expect(await growth(port, MOST)).toEqual([]);
    expect(await fewestDescriptors(port, pid)).toBe(descriptors);
  });
}

const leaking = "a server that leaks a little for each file that it opens grows";
test.runIf(sees)(leaking, { timeout: 300_000 }, async () => {
  server = await startProbed("r4-poll", [], { LEAK: "1" });
  await sendCrowd(server.port, WARM, () => {});
  expect(await growth(server.port, CLIENTS)).toContain("heap");
});

function startProbed(slug: string, args: readonly string[], env = {}) {
  const program = join(inject("built"), slug, "server.js");
  const command = [process.execPath, ...FLAGS, ...PROBED.flags, program, ...args];
  return startServer({ command, env: { ...PROBED.env, ...env } });
}

/** Sends up to `most` clients. @returns The kinds of memory that grow. */
async function growth(port: number, most: number) {
  const samples: (Sample & { sent: number })[] = [];
  for (let sent = EACH; ; sent += EACH) {
    await sendCrowd(port, EACH, () => {});
    samples.push({ sent, ...(await probe(port)) });
    if (sent % CLIENTS !== 0) continue;
    const slopes = KINDS.map((kind) => ({
      kind,
      slope: slopeOf(samples.map((one) => [one.sent, one[kind]])),
    }));
    const growing = slopes.filter(({ kind, slope }) => grows(slope, LEAST[kind]));
    const report = slopes.map(
      ({ kind, slope: { rate, error } }) =>
        `${kind} ${rate.toFixed(1)} ± ${error.toFixed(1)}`,
    );
    console.log(`after ${sent} clients, bytes per client: ${report.join(", ")}`);
    if (growing.length === 0 || sent >= most) return growing.map(({ kind }) => kind);
  }
}

/** Counts after each of ten polite clients, which the server handles after all before. */
async function fewestDescriptors(port: number, pid: number): Promise<number> {
  let fewest = Number.POSITIVE_INFINITY;
  for (let time = 0; time < 10; time += 1) {
    await sendCrowd(port, 1, () => {});
    fewest = Math.min(fewest, readdirSync(`/proc/${pid}/fd`).length);
  }
  return fewest;
}
