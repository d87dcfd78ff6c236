// r6-reactor: an additional thread, with its own poll, loop, clients and file workers.
import { parentPort, workerData } from "node:worker_threads";
import { runInWorker } from "../shared/poll/modes/worker.ts";
import { Events } from "../shared/poll/readiness/events.ts";
import type { SharedWaker } from "../shared/poll/readiness/waker.ts";
import type { Options } from "./options.ts";
import { EVENTS, openLoop, type Shared } from "./serve.ts";

/** The data that such a thread is started with. */
export interface ThreadData {
  readonly options: Options;
  readonly port: number;
  readonly shared: Shared;
}

const { options, port, shared }: ThreadData = workerData;
const { poll, loop, files } = openLoop(options, port, shared);
await files.start();
const { waker } = loop.reactor;
// Reports that this thread listens, and how to wake it.
parentPort?.postMessage(waker.shared satisfies SharedWaker);
runInWorker(poll, waker, new Events(EVENTS), loop.turn, 0);
files.end();
process.exit();
