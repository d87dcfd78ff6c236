// A loop in a worker thread that waits for some time, and ends.
import { workerData } from "node:worker_threads";
import { Events } from "../../shared/poll/events.ts";
import { runInWorker } from "../../shared/poll/modes/worker.ts";
import { openPoll } from "../../shared/poll/pollers.ts";

const poll = openPoll();
runInWorker(poll, poll.openWaker(0), new Events(1), () => "end", workerData.time);
poll.close();
