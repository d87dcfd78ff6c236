// Ends workers just as their loop begins: node early, or node early exit TURNS
import { once } from "node:events";
import { turns } from "../../../examples/asides/parts/turns.ts";
import { LoopWorker } from "../../../examples/shared/poll/modes/worker.ts";

/** Some turns of our loop after the worker has said that it is about to begin. */
async function start(after: number): Promise<LoopWorker> {
  const worker = new LoopWorker(new URL("./serve-worker.js", import.meta.url));
  await once(worker, "message");
  await turns(after);
  return worker;
}

const [how, after = "0"] = process.argv.slice(2);
if (how === "exit") {
  await start(Number(after));
  process.exit(7);
}
for (let after = 0; after < 6; after += 1) {
  const code = await (await start(after)).end();
  if (code !== 0) throw new Error(`a worker ended with ${code}`);
  await (await start(after)).terminate();
}
// Before it is so far: koffi does not bear to be terminated there, but `end` waits.
for (let ms = 0; ms < 80; ms += 8) {
  const worker = new LoopWorker(new URL("./serve-worker.js", import.meta.url));
  await new Promise((resolve) => setTimeout(resolve, ms));
  const code = await worker.end();
  if (code !== 0) throw new Error(`a worker ended with ${code} after ${ms} ms`);
}
console.log("all have ended");
