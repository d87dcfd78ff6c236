// The loads without much talk: connections that stay, that come at once, that come and go.

import { inOrder } from "../in-order.ts";
import { Client, greeted, joins, type Target } from "./client.ts";
import { Histogram } from "./histogram.ts";
import type { ChurnLoad, IdleLoad, StormLoad } from "./load.ts";
import type { ChurnResult, IdleResult, StormResult } from "./result.ts";
import { usageOf } from "./usage.ts";

/** How many connections of a storm are being made at a time. */
const STORM = 64;
/** The same for the idle ones: step 16 disconnects clients that are 32 lines behind. */
const RAMP = 16;
/** The idle sit in rooms of so many: in one room each would hear of all the others. */
const IDLE_ROOM = 10;
const WARM_UP_MS = 500;
/** After so long a load is over, done or not, in milliseconds. */
const LIMIT_MS = 60_000;

interface Options {
  target: Target;
  pid: number;
  ms: number;
}

/** Connections that say nothing, in small rooms. */
export async function idle(
  load: IdleLoad,
  { target, pid }: Options,
): Promise<IdleResult> {
  const roomOf = (index: number) => `idle${Math.floor(index / IDLE_ROOM)}`;
  const run = await crowd(load.clients, { target, pid, atATime: RAMP, roomOf });
  return { kind: "idle", clients: load.clients, ...run };
}

/**
 * All come to the first room as fast as they can: each arrival is announced to all
 * before it.
 */
export async function storm(
  load: StormLoad,
  { target, pid }: Options,
): Promise<StormResult> {
  const run = await crowd(load.clients, { target, pid, atATime: STORM });
  return { kind: "storm", clients: load.clients, ...run };
}

/** Brings a crowd and waits until each has been notified of all that came after it. */
async function crowd(
  clients: number,
  {
    target,
    pid,
    atATime,
    roomOf,
  }: Omit<Options, "ms"> & { atATime: number; roomOf?: (index: number) => string },
) {
  const before = usageOf(pid);
  const began = performance.now();
  const all = new Crowd(target);
  try {
    await all.come(clients, atATime, roomOf);
    const quietSince = await all.isQuiet();
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

/** Connections that come, say a line, and leave; another comes in the place of each. */
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
      // A server that is gone refuses at once: let the clock go on.
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
   * Waits until nothing has come for a while. There is no line that says so: what a server
   * tells of those who come, and whether to themselves, differs from step to step.
   *
   * @returns When the last line came, by `performance.now()`.
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

/** So long without a line is quiet, in milliseconds. */
const QUIET_MS = 300;

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
