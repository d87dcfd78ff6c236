// A worker thread that counts in shared memory. Plain JavaScript, because the main thread's
// TypeScript loader does not reach a worker on Node 20.
// @ts-check
import { parentPort, workerData } from "node:worker_threads";
import { lock, unlock } from "./atomic-mutex.mjs";

/** @type {{ memory: SharedArrayBuffer, times: number, how: string }} */
const { memory, times, how } = workerData;
/** The counter, and the word of the mutex. */
const words = new Int32Array(memory);
const [COUNTER, MUTEX, START] = [0, 1, 2];

parentPort?.postMessage("ready");
// All start together, or the first could finish before the second has started.
Atomics.wait(words, START, 0);

for (let n = 0; n < times; n += 1) {
  if (how === "plain") {
    // #region plain
    words[COUNTER] += 1; // a read, an add, a write: another thread may come in between
    // #endregion plain
  } else if (how === "atomic") {
    // #region atomic
    Atomics.add(words, COUNTER, 1); // one indivisible operation
    // #endregion atomic
  } else {
    // #region locked
    lock(words, MUTEX);
    words[COUNTER] += 1;
    unlock(words, MUTEX);
    // #endregion locked
  }
}
