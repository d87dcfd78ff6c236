// Threads that send to each other at full speed, and a check of the results.
import { Worker } from "node:worker_threads";
import { Channel, newChannel } from "../../../examples/shared/threads/channel.ts";
import { newParking, type Parking } from "../../../examples/shared/threads/parker.ts";
import { newPort } from "../../../examples/shared/threads/port.ts";
import type { Task } from "./thread.ts";

const LOADER = new URL("../../../examples/shared/load-worker.mjs", import.meta.url);
const file = new URL("thread.ts", import.meta.url).href;

/** Options without thread and parking, which are added here. */
type Work = Task extends infer One
  ? One extends Task
    ? Omit<One, "parking" | "thread">
    : never
  : never;

/** @returns What went wrong in the thread, if anything. */
function run(parking: Parking, thread: number, work: Work): Promise<string | undefined> {
  const worker = new Worker(LOADER, { workerData: { ...work, parking, thread, file } });
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

/** Each sender sends `count` values. @returns Errors; and values lost or duplicated. */
export async function manyToMany(senders: number, receivers: number, count: number) {
  const parking = newParking();
  const channel = newChannel(64, parking);
  const seen = new Int32Array(new SharedArrayBuffer(4 * senders * count));
  const receiving = Array.from({ length: receivers }, (_, at) =>
    run(parking, at, { do: "receive", channel, seen, count }),
  );
  const sending = Array.from({ length: senders }, (_, at) =>
    run(parking, receivers + at, { do: "send", channel, from: at * count, count }),
  );
  const sent = await Promise.all(sending);
  new Channel(channel).close();
  const errors = [...sent, ...(await Promise.all(receiving))].filter(Boolean);
  return { errors, wrong: seen.filter((times) => times !== 1).length };
}

/** Two threads that sleep until the other has answered: two wakes a round. @returns Errors. */
export async function thereAndBack(count: number) {
  const parking = newParking();
  const port = newPort(2, parking);
  const ask = run(parking, 0, { do: "ask", port, count });
  const answer = run(parking, 1, { do: "answer", port });
  return (await Promise.all([ask, answer])).filter(Boolean);
}

/** One thread selects on a port and a channel; the senders wait for room. @returns Errors. */
export async function selectOfTwo(count: number) {
  const parking = newParking();
  const port = newPort(4, parking);
  const channel = newChannel(4, parking);
  const tasks: Work[] = [
    { do: "select", port, channel, count },
    { do: "pour", port, count },
    { do: "send", channel, from: 0, count },
  ];
  const ends = tasks.map((task, thread) => run(parking, thread, task));
  return (await Promise.all(ends)).filter(Boolean);
}
