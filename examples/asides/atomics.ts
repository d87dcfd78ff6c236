// Four threads count in the same memory. Without atomics, counts are lost; with
// Atomics.add, or under a mutex of Atomics.wait and Atomics.notify, none are.
// Run it: just example atomics
// Page: docs/asides/deadlocks.md
import { once } from "node:events";
import { Worker } from "node:worker_threads";

const THREADS = 4;
const TIMES = 200_000;
const START = 2;

/** Lets all threads count, and returns the total. */
async function countTogether(how: "plain" | "atomic" | "locked"): Promise<number> {
  const memory = new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT);
  const words = new Int32Array(memory);
  const workerData = { memory, times: TIMES, how };
  const workers = Array.from(
    { length: THREADS },
    () => new Worker(new URL("parts/counter.mjs", import.meta.url), { workerData }),
  );
  const ended = workers.map((worker) => once(worker, "exit"));
  await Promise.all(workers.map((worker) => once(worker, "message")));
  Atomics.store(words, START, 1);
  Atomics.notify(words, START);
  await Promise.all(ended);
  return Atomics.load(words, 0);
}

const all = THREADS * TIMES;
const text = (count: number) => count.toLocaleString("en");
console.log(`${THREADS} threads add 1 in shared memory, ${text(TIMES)} times each`);

// A race may go well many times. Losing it once proves the mistake.
let plain = all;
for (let round = 0; round < 100 && plain === all; round += 1) {
  plain = await countTogether("plain");
}
console.log(`  +=          ${plain < all ? "some are lost" : "none was lost, by luck"}`);
console.log(`  Atomics.add ${text(await countTogether("atomic"))}`);
console.log(`  a mutex     ${text(await countTogether("locked"))}`);
