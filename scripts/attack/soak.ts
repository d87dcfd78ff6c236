// A soak test: many clients for a long time, some of them replaced all along. It shows
// whether the server leaks.
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { startServer } from "../../behaviours/server.ts";
import { Failure } from "../cli.ts";
import { saidBy, started } from "../server-error.ts";
import { connection, crowd, ended } from "./crowd.ts";
import { probeFlags, type Sample, samplesIn } from "./probe.ts";
import { grows, type Slope, slopeOf } from "./slope.ts";

export interface SoakOptions {
  /** The server's file and its arguments, which follow the options of Node. */
  readonly file: readonly string[];
  /** Options of Node. */
  readonly node?: readonly string[];
  readonly clients: number;
  /** How many percent of the clients are replaced per minute. */
  readonly churn: number;
  /** The measured time, in seconds. A fifth of it is added before it to warm up. */
  readonly seconds: number;
  /** Called with the progress, as a line to show. */
  readonly onProgress?: (line: string) => void;
}

export interface Soaked {
  readonly samples: readonly Sample[];
  /** How many clients were replaced during the measured time. */
  readonly replaced: number;
}

/** The values that must not grow, with the growth allowed per replaced client. */
const LEAST = { heap: 100, rss: 1_000, descriptors: 0.01, timers: 0.01 } as const;
const SAMPLES = 60;
/** Messages per second from all clients together. Each goes to everyone. */
const TALK = 2;

/** The ways to leave, which clients use in turn. */
const WAYS: readonly ((socket: Socket) => void)[] = [
  (socket) => socket.write("/quit\n"),
  (socket) => socket.end("bye\n"),
  (socket) => socket.end("half a li"),
  (socket) => socket.destroy(),
  (socket) => socket.resetAndDestroy(),
  (socket) => socket.write(`/join attic\n/name x${Date.now()}\n/quit\n`),
];

/**
 * Starts one of our servers, and keeps it busy for the given time.
 *
 * @throws {Failure} When it does not start, or ends too early.
 */
export async function soak(options: SoakOptions): Promise<Soaked> {
  const { file, node = [], clients, churn, seconds, onProgress = () => {} } = options;
  const period = Math.max(seconds / SAMPLES, 0.25);
  const command = [process.execPath, ...probeFlags(period), ...node, ...file];
  const env = { LOG_LEVEL: "warn" };
  const server = await started("the server", startServer({ command, env }));
  const members: Socket[] = [];
  try {
    onProgress(`${clients} clients connect`);
    members.push(...(await crowd(server, clients)));
    const perSecond = (clients * churn) / 100 / 60;
    const began = performance.now();
    const warm = seconds / 5;
    let replaced = 0;
    let measured = 0;
    let said = 0;
    for (;;) {
      const time = (performance.now() - began) / 1000;
      if (time > warm + seconds) break;
      for (; replaced < time * perSecond; replaced += 1) {
        const place = replaced % members.length;
        const old = members[place];
        if (old) WAYS[replaced % WAYS.length]?.(old);
        if (old) await ended(old);
        const next = await connection(server);
        if (next === undefined) {
          // Its error may be written after its port is closed.
          server.process.kill("SIGKILL");
          await server.process.ended;
          const said = saidBy(server.process.output());
          throw new Failure(`Cannot continue: the server has ended${said}`);
        }
        members[place] = next;
        if (time > warm) measured += 1;
      }
      for (; said < time * TALK; said += 1) members[said % members.length]?.write("hi\n");
      onProgress(`${Math.floor(time)} of ${warm + seconds} s, ${replaced} replaced`);
      await sleep(20);
    }
    const all = samplesIn(server.process.output());
    const last = all.at(-1)?.time ?? 0;
    const samples = all.filter(({ time }) => time > last - seconds);
    return { samples, replaced: measured };
  } finally {
    for (const socket of members) socket.destroy();
    server.process.kill("SIGKILL");
    await server.process.ended;
  }
}

type What = keyof typeof LEAST;

/** How one value developed: first, last, and its growth per hour. */
export interface Trend {
  readonly what: What;
  readonly first: number;
  readonly last: number;
  readonly slope: Slope;
  readonly grows: boolean;
}

/**
 * The trend of each value. One that levels off does not grow: a leak is as steep in the
 * second half as in the first, but Node's own memory only rises to what the load needs,
 * which takes longer on a busy machine.
 */
export function trendsOf({ samples, replaced }: Soaked): Trend[] {
  const seconds = (samples.at(-1)?.time ?? 0) - (samples[0]?.time ?? 0);
  const perHour = (replaced / seconds) * 3600;
  return (Object.keys(LEAST) as What[]).map((what) => {
    const values = samples.map((one) => [one.time / 3600, one[what]] as const);
    const slope = slopeOf(values);
    const later = slopeOf(values.slice(values.length / 2));
    const least = LEAST[what] * perHour;
    const [first, last] = [samples[0]?.[what] ?? 0, samples.at(-1)?.[what] ?? 0];
    return { what, first, last, slope, grows: grows(slope, least) && later.rate > least };
  });
}
