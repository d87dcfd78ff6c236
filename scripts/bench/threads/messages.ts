// What it costs to send a number to another thread: through a port, and with postMessage.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { newParking, Parker } from "../../../examples/shared/threads/parker.ts";
import { newPort, Port } from "../../../examples/shared/threads/port.ts";
import { WaitList } from "../../../examples/shared/threads/wait-list.ts";
import { medianOf } from "../poll/median.ts";
import type { SinkData } from "./sink.ts";

/** Medians of the rounds. `ns` is per message, from the first send to the last receive. */
interface Cost {
  readonly way: string;
  readonly ns: number;
  /** How many of a hundred messages woke a sleeping thread. */
  readonly asleep: number | undefined;
}

const CAPACITY = 1024;
const LOADER = new URL("../../../examples/shared/load-worker.mjs", import.meta.url);
const file = new URL("sink.ts", import.meta.url).href;

/** Measures all ways in turns. @param count Messages through a port; postMessage sends a tenth. */
export async function measureMessages(rounds: number, count: number): Promise<Cost[]> {
  const ways = ["wake if asleep", "wake always", "postMessage"] as const;
  const runs = ways.map((way) => ({ way, found: [] as Run[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { way, found } of runs) {
      const run =
        way === "postMessage"
          ? await byMessage(count / 10)
          : await byPort(count, way === "wake always");
      found.push(run);
    }
  }
  return runs.map(({ way, found }) => {
    const parts = found.flatMap(({ asleep }) => (asleep === undefined ? [] : [asleep]));
    const asleep = parts.length > 0 ? medianOf(parts) : undefined;
    return { way, ns: medianOf(found.map(({ ns }) => ns)), asleep };
  });
}

interface Run {
  readonly ns: number;
  readonly asleep: number | undefined;
}

async function byPort(count: number, always: boolean): Promise<Run> {
  const { worker, parking, port } = start();
  await once(worker, "online");
  const receivers = new WaitList(port.receivers[1]);
  let wakes = 0;
  const ifAsleep = () => {
    if (receivers.wakeOne()) wakes += 1;
  };
  const anyway = () => {
    Atomics.store(parking, 1, 0);
    wakes += Atomics.notify(parking, 1);
  };
  const mine = new Port(port, 0, always ? anyway : ifAsleep);
  const parker = new Parker(parking, 0);
  worker.postMessage(0);
  const pour = (from: number, to: number) => {
    for (let at = from; at < to; at += 1) mine.send(parker, at);
  };
  // The first tenth warms up the JIT compiler, and lets the other thread start.
  const warm = count / 10;
  pour(0, warm);
  wakes = 0;
  const began = performance.now();
  pour(warm, warm + count);
  const passed = performance.now() - began;
  mine.close();
  await finish(worker, ((warm + count) * (warm + count - 1)) / 2);
  return { ns: (passed * 1e6) / count, asleep: (100 * wakes) / count };
}

async function byMessage(count: number): Promise<Run> {
  const { worker, port } = start();
  new Port(port, 0).close();
  worker.postMessage(0);
  await once(worker, "message");
  const began = performance.now();
  for (let at = 0; at < count; at += 1) worker.postMessage(at);
  worker.postMessage(-1);
  await finish(worker, (count * (count - 1)) / 2);
  return { ns: ((performance.now() - began) * 1e6) / count, asleep: undefined };
}

function start() {
  const parking = newParking();
  const port = newPort(CAPACITY, parking);
  const data: SinkData = { port, parking };
  const worker = new Worker(LOADER, { workerData: { ...data, file } });
  return { worker, parking, port };
}

/** @throws {Error} When a message was lost. */
async function finish(worker: Worker, expected: number): Promise<void> {
  const [sum] = await once(worker, "message");
  await worker.terminate();
  if (sum !== expected)
    throw new Error(`Cannot trust this: received ${sum} of ${expected}`);
}
