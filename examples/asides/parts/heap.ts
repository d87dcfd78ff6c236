// Measures how much memory some work leaves behind.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { turns } from "./turns.ts";

// The same as `node --expose-gc`, for a process that is already running.
setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** Bytes of the JavaScript heap in use after a garbage collection. */
async function bytesInUse(): Promise<number> {
  // References held by this turn are gone in the next one.
  await turns();
  collect();
  await turns();
  collect();
  return process.memoryUsage().heapUsed;
}

/** How many more bytes are in use after `work` than before; may be negative. */
export async function growth(work: () => Promise<void>): Promise<number> {
  const before = await bytesInUse();
  await work();
  return (await bytesInUse()) - before;
}
