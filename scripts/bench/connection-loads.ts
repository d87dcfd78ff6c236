// The loads with few messages: idle connections, a burst of connections, and churn.

import { inOrder } from "../in-order.ts";
import { Client, greeted, joins, type Target } from "./client.ts";
import { Histogram } from "./histogram.ts";
import type { ChurnLoad, IdleLoad, StormLoad } from "./load.ts";
import type { ChurnResult, IdleResult, StormResult } from "./result.ts";
import { usageOf } from "./usage.ts";

/** How many connections of a storm are opened at a time. */
const STORM = 64;
/** The same for the idle ones: step 16 disconnects clients that are 32 lines behind. */
const RAMP = 16;
/** Idle clients per room. In one room, each would be notified of all the others. */
const IDLE_ROOM = 10;
const WARM_UP_MS = 500;
/** When a load ends, whether it is complete or not, in milliseconds. */
const LIMIT_MS = 60_000;

interface Options {
  target: Target;
  pid: number;
  ms: number;
}

/** Opens connections that send nothing, in small rooms. */
export async function idle(
  load: IdleLoad,
  { target, pid }: Options,
): Promise<IdleResult> {
  const roomOf = (index: number) => `idle${Math.floor(index / IDLE_ROOM)}`;
  const options = { target, pid, atATime: RAMP, roomOf, idleMs: load.after * 1000 };
  const run = await crowd(load.clients, options);
  return { kind: "idle", clients: load.clients, ...run };
}

/** All clients join the first room as fast as they can. Each is announced to all before it. */
export async function storm(
  load: StormLoad,
  { target, pid }: Options,
): Promise<StormResult> {
  const run = await crowd(load.clients, { target, pid, atATime: STORM });
  return { kind: "storm", clients: load.clients, ...run };
}

/**
 * Connects a crowd, waits until each has been notified of all that joined after it, and then
 * for `idleMs`.
 */
async function crowd(
  clients: number,
  {
    target,
    pid,
    atATime,
    roomOf,
    idleMs = 0,
  }: Omit<Options, "ms"> & {
    atATime: number;
    roomOf?: (index: number) => string;
    idleMs?: number;
  },
) {
  const before = usageOf(pid);
  const began = performance.now();
  const all = new Crowd(target);
  try {
    await all.come(clients, atATime, roomOf);
    const quietSince = await all.isQuiet();
    await wait(idleMs);
    const after = usageOf(pid);
    return {
      memoryEach: (after.memory - before.memory) / clients,
      seconds: (quietSince - began) / 1000,
      cpu: after.cpu - before.cpu,
      lostClients: all.lost,
    };
  } finally {
    all.close();
  }
}

/** Clients that connect, send a line, and leave. Another takes the place of each. */
export async function churn(
  load: ChurnLoad,
  { target, pid, ms }: Options,
): Promise<ChurnResult> {
  const latency = new Histogram();
  let [measuring, going] = [false, true];
  let [cycles, lost] = [0, 0];
  const places = Array.from({ length: load.clients }, async (_, place) => {
    while (going) {
      const began = performance.now();
      const client = new Client(target, () => {});
      try {
        await greeted(client);
        await joins(client, `bench${Math.floor(place / 8)}`);
        client.send("hello\n");
        await client.until((line) => line.endsWith(": hello"));
        client.send("/quit\n");
        await client.until(() => false).catch(() => {});
        if (measuring) {
          cycles += 1;
          latency.add(performance.now() - began);
        }
      } catch {
        if (going) lost += 1;
      } finally {
        client.socket.destroy();
      }
      // A server that has ended refuses connections immediately. Let the timers run.
      await new Promise(setImmediate);
    }
  });
  await wait(WARM_UP_MS);
  measuring = true;
  const before = { ...usageOf(pid), at: performance.now() };
  await wait(ms);
  measuring = false;
  const after = { ...usageOf(pid), at: performance.now() };
  going = false;
  await Promise.all(places);
  return {
    kind: "churn",
    cycles,
    seconds: (after.at - before.at) / 1000,
    cpu: after.cpu - before.cpu,
    latency: latency.summary(),
    lostClients: lost,
  };
}

/** Many connections that only listen. */
class Crowd {
  readonly #target: Target;
  readonly #clients: Client[] = [];
  #lastLine = performance.now();
  #closing = false;
  lost = 0;

  constructor(target: Target) {
    this.#target = target;
  }

  async come(
    count: number,
    atATime: number,
    roomOf?: (index: number) => string,
  ): Promise<void> {
    const rooms = Array.from({ length: count }, (_, index) => roomOf?.(index));
    await inOrder(rooms, atATime, (room) => this.#one(room));
  }

  /**
   * Waits until nothing has arrived for a while. No line marks the end, because the steps differ
   * in what they announce about a new member, and in whether the new member gets it too.
   *
   * @returns When the last line arrived, by `performance.now()`.
   */
  async isQuiet(): Promise<number> {
    const deadline = performance.now() + LIMIT_MS;
    while (performance.now() < Math.min(deadline, this.#lastLine + QUIET_MS))
      await wait(10);
    return this.#lastLine;
  }

  close(): void {
    this.#closing = true;
    for (const client of this.#clients) client.socket.destroy();
  }

  async #one(room?: string): Promise<void> {
    const client = new Client(this.#target, () => {
      if (!this.#closing) this.lost += 1;
    });
    this.#clients.push(client);
    await greeted(client);
    if (room !== undefined) await joins(client, room);
    client.pipe(() => {
      this.#lastLine = performance.now();
    });
  }
}

/** A crowd is quiet after this time without a line, in milliseconds. */
const QUIET_MS = 300;

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
