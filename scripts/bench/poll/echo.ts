// The other thread of `just bench wake`: each time it is woken, it wakes the first thread.
import { parentPort, workerData } from "node:worker_threads";
import { Events } from "../../../examples/shared/poll/readiness/events.ts";
import { openPoll, wakerFrom } from "../../../examples/shared/poll/readiness/pollers.ts";
import type { EchoData, EchoReady } from "./wakes.ts";

const { poller, waker, ended }: EchoData = workerData;
const theirs = wakerFrom(waker);
const poll = openPoll({ poller });
const ready: EchoReady = poll.openWaker(1).shared;
const events = new Events(4);
parentPort?.postMessage(ready);
for (;;) {
  poll.poll(events, null);
  if (events.length === 0) continue;
  if (Atomics.load(ended, 0) === 1) break;
  theirs.wake();
}
poll.close();
