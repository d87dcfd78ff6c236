// A loop in a worker thread that waits for the given time, and ends.
import { workerData } from "node:worker_threads";
import { runInWorker } from "../../shared/poll/modes/worker.ts";
import { Events } from "../../shared/poll/readiness/events.ts";
import { openPoll } from "../../shared/poll/readiness/pollers.ts";

const poll = openPoll();
runInWorker(poll, poll.openWaker(0), new Events(1), () => "end", workerData.time);
poll.close();
