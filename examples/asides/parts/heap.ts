// Measures how much memory some work leaves behind.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { turns } from "./turns.ts";

// The same as `node --expose-gc`, for a process that already runs.
setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** Bytes of the JavaScript heap that are in use once nothing is left to be collected. */
async function bytesInUse(): Promise<number> {
  // What this turn still holds is free in the next one.
  await turns();
  collect();
  await turns();
  collect();
  return process.memoryUsage().heapUsed;
}

/** How many more bytes are in use after `work` than before: less than 0 is possible. */
export async function growth(work: () => Promise<void>): Promise<number> {
  const before = await bytesInUse();
  await work();
  return (await bytesInUse()) - before;
}
