// The thread that starts file workers and reports how each of them ends. Node reports that in
// the loop of the thread that has started it. The thread that wants the files has none while it
// is asleep in the kernel; this one does nothing else. It is plain JavaScript, because loading
// TypeScript costs a thread 20 MB and a tenth of a second.
// @ts-check
import { parentPort, Worker, workerData } from "node:worker_threads";
import { importTyped } from "./import-typed.mjs";

/** @type {import("./file-workers.ts").FileSupervisorData} */
const { program, execArgv, data, deaths, wakerModule } = workerData;

parentPort?.on(
  "message",
  /** @param {import("./file-workers.ts").FileWorkerStart} start */
  ({ thread, port }) => {
    try {
      startWorker(thread, port);
    } catch (error) {
      void report(thread, error);
    }
  },
);

/**
 * @param {number} thread
 * @param {import("node:worker_threads").MessagePort} port
 * @throws {Error} ERR_WORKER_INIT_FAILED: the system has no thread left.
 */
function startWorker(thread, port) {
  const workerData = { ...data, port };
  const worker = new Worker(new URL(program), {
    workerData,
    transferList: [port],
    execArgv,
  });
  /** @type {unknown} */
  let error;
  // "exit" follows.
  worker.on("error", (reason) => {
    error = reason;
  });
  worker.on("exit", (code) => void report(thread, error ?? `it has ended with ${code}`));
}

/**
 * Reports a death, after all that the thread had posted.
 *
 * @param {number} thread
 * @param {unknown} why
 */
async function report(thread, why) {
  deaths.postMessage({ thread, why: String(why) });
  const { fileWakerFrom } = await importTyped(wakerModule);
  fileWakerFrom(data.waker)();
}
