// The worker of serve.ts: the word server on a separate loop.
import { parentPort, workerData } from "node:worker_threads";
import { runInWorker } from "../../../examples/shared/poll/modes/worker.ts";
import { Words } from "./words.ts";

const words = new Words(workerData.poller);
parentPort?.postMessage(`listening on 127.0.0.1:${words.port}`);
runInWorker(words.poll, words.waker, words.events, words.turn);
parentPort?.postMessage(`closed ${words.close()}`);
