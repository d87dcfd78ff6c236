// The thread that starts file workers and reports how each of them ends. Node reports that in
// the loop of the thread that has started it. The thread that wants the files has none while it
// is asleep in the kernel; this one does nothing else.
import { type MessagePort, parentPort, Worker, workerData } from "node:worker_threads";
import { fileWakerFrom } from "./file-waker.ts";
import type { FileWorkerData } from "./file-worker.ts";
import { threadProgram } from "./thread-program.ts";

/** The data that the supervisor is started with. */
export interface FileSupervisorData {
  /** Passed to each file worker. */
  readonly data: Omit<FileWorkerData, "port">;
  /** Where it reports deaths. */
  readonly deaths: MessagePort;
}

/** A request to start a file worker. */
export interface FileWorkerStart {
  readonly thread: number;
  /** Transferred to the worker. */
  readonly port: MessagePort;
}

/** The end of a file worker. All that it had posted has arrived. */
export interface FileWorkerDeath {
  readonly thread: number;
  readonly why: string;
}

const { data, deaths }: FileSupervisorData = workerData;
const wake = fileWakerFrom(data.waker);
const { program, file } = threadProgram(new URL("file-worker.ts", import.meta.url));

parentPort?.on("message", ({ thread, port }: FileWorkerStart) => {
  const report = (why: string) => {
    deaths.postMessage({ thread, why } satisfies FileWorkerDeath);
    wake();
  };
  try {
    startWorker(port, report);
  } catch (error) {
    report(String(error));
  }
});

/** @throws {Error} ERR_WORKER_INIT_FAILED: the system has no thread left. */
function startWorker(port: MessagePort, report: (why: string) => void): void {
  const workerData = { ...data, port, file };
  const worker = new Worker(program, { workerData, transferList: [port] });
  let error: unknown;
  // "exit" follows.
  worker.on("error", (reason) => {
    error = reason;
  });
  worker.on("exit", (code) => report(String(error ?? `it has ended with ${code}`)));
}
