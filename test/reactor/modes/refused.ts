// Prints the errors of modes that are not available.
import { fileURLToPath } from "node:url";
import { isMainThread, Worker } from "node:worker_threads";
import { runAsGuest } from "../../../examples/shared/poll/modes/guest.ts";
import { runInWorker } from "../../../examples/shared/poll/modes/worker.ts";
import { Events } from "../../../examples/shared/poll/readiness/events.ts";
import { openPoll } from "../../../examples/shared/poll/readiness/pollers.ts";

const poll = openPoll();
const events = new Events(8);
const print = (error: unknown) => console.log(`${error}`);
const turn = () => "end" as const;

if (isMainThread) {
  try {
    runInWorker(poll, poll.openWaker(1), events, turn);
  } catch (error) {
    print(error);
  }
  Object.defineProperty(process, "platform", { value: "win32" });
  await runAsGuest(poll, events, turn).catch(print);
  new Worker(fileURLToPath(import.meta.url));
} else {
  await runAsGuest(poll, events, turn).catch(print);
}
