// Ends workers just as their loop starts: node early, or node early exit MS
import { once } from "node:events";
import { LoopWorker } from "../../../examples/shared/poll/modes/worker.ts";

const file = new URL("./serve-worker.js", import.meta.url);

/** Starts a worker, waits until its loop is about to start, and blocks for `ms`. */
async function start(ms: number): Promise<LoopWorker> {
  const worker = new LoopWorker(file);
  await once(worker, "message");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return worker;
}

const [how, after = "0"] = process.argv.slice(2);
if (how === "exit") {
  await start(Number(after));
  process.exit(7);
}
for (const ms of [0, 0.1, 1, 20]) {
  const code = await (await start(ms)).end();
  if (code !== 0) throw new Error(`a worker ended with ${code}`);
  await (await start(ms)).terminate();
}
// Earlier still: koffi cannot be terminated at that point, but `end` waits.
for (let ms = 0; ms < 80; ms += 8) {
  const worker = new LoopWorker(file);
  await new Promise((resolve) => setTimeout(resolve, ms));
  const code = await worker.end();
  if (code !== 0) throw new Error(`a worker ended with ${code} after ${ms} ms`);
}
console.log("all have ended");
