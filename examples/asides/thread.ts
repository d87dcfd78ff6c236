// One thread runs all tasks, so while one of them calculates, the others are blocked. On a
// worker thread, or in slices, the same calculation lets them run.
// Run it: just example thread
// Page: docs/asides/event-loop.md
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { turns } from "./parts/turns.ts";

const COUNT = 200_000_000;

/** Counts how often the event loop turns while `work` runs. */
async function turnsDuring(work: () => unknown): Promise<number> {
  let [count, done] = [0, false];
  const counting = (async () => {
    while (!done) {
      await turns();
      count += 1;
    }
  })();
  count = 0;
  await work();
  const during = count;
  done = true;
  await counting;
  return during;
}

// #region sum
function sum(from: number, to: number): number {
  let total = 0;
  for (let n = from; n < to; n += 1) total += n;
  return total;
}
// #endregion sum

// #region slices
async function sumInSlices(): Promise<number> {
  let total = 0;
  const slice = COUNT / 100;
  for (let from = 0; from < COUNT; from += slice) {
    total += sum(from, from + slice);
    await turns(); // lets tasks run that are ready
  }
  return total;
}
// #endregion slices

// #region worker
/** `Function.toString` returns the source, which a worker can run. */
function sumInWorker(): Promise<unknown> {
  const worker = new Worker(`${sum}; sum(0, ${COUNT})`, { eval: true });
  return once(worker, "exit");
}
// #endregion worker

const text = (count: number) => (count === 0 ? "stands still" : "goes on");
console.log("what the event loop does while numbers are added up");
console.log(`  in one go:   ${text(await turnsDuring(() => sum(0, COUNT)))}`);
console.log(`  in slices:   ${text(await turnsDuring(sumInSlices))}`);
console.log(`  in a worker: ${text(await turnsDuring(sumInWorker))}`);
