// The thread that starts file workers and reports how each of them ends. Node reports that in
// the loop of the thread that has started it. The thread that wants the files has none while it
// is asleep in the kernel; this one does nothing else. It loads all that it needs before the
// first worker, so it can report an end even when no descriptor is left.
import { type MessagePort, parentPort, Worker, workerData } from "node:worker_threads";
import { fileWakerFrom } from "./file-waker.ts";
import type { FileWorkerData } from "./file-worker.ts";
import { threadProgram } from "./thread-program.ts";

/** The data that such a thread is started with. */
export interface FileSupervisorData {
  /** What it starts file workers with, but for their ports. */
  readonly data: Omit<FileWorkerData, "port">;
  /** Where it reports deaths. */
  readonly deaths: MessagePort;
}

/** A request to start a file worker. */
export interface FileWorkerStart {
  readonly thread: number;
  /** Transferred to the worker. */
  readonly port: MessagePort;
  /** Set to 1 when the worker is ready for jobs. */
  readonly ready: Int32Array<SharedArrayBuffer>;
}

/** The end of a file worker. All that it had posted has arrived. */
export interface FileWorkerDeath {
  readonly thread: number;
  readonly why: string;
}

const { data, deaths }: FileSupervisorData = workerData;
const wake = fileWakerFrom(data.waker);
/** The number of the worker that the starter waits for. */
const FIRST = 1;

parentPort?.on("message", (start: FileWorkerStart) => {
  try {
    startWorker(start);
  } catch (error) {
    report(start, error);
  }
});

/** @throws {Error} ERR_WORKER_INIT_FAILED: the system has no thread left. */
function startWorker(start: FileWorkerStart): void {
  const { thread, port, ready } = start;
  const { program, file } = threadProgram(new URL("file-worker.ts", import.meta.url));
  const worker = new Worker(program, {
    workerData: { ...data, port, file },
    transferList: [port],
  });
  worker.once("message", () => {
    Atomics.store(ready, 0, 1);
    if (thread === FIRST) parentPort?.postMessage("ready");
  });
  let error: unknown;
  // "exit" follows.
  worker.on("error", (reason) => {
    error = reason;
  });
  worker.on("exit", (code) => report(start, error ?? `it has ended with ${code}`));
}

/**
 * Reports a death, after all that the thread had posted.
 *
 * @throws Why the first could not start, which the starter gets as our error.
 */
function report({ thread, ready }: FileWorkerStart, why: unknown): void {
  if (thread === FIRST && Atomics.load(ready, 0) === 0) throw why;
  deaths.postMessage({ thread, why: String(why) } satisfies FileWorkerDeath);
  wake();
}
