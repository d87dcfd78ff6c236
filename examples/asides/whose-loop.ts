// A loop of ours waits: as the owner of the main thread, as Node's guest there, and in a
// worker. Which parts of Node keep running?
// Run it: just example whose-loop (Linux or macOS)
// Page: docs/asides/whose-loop.md
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { runAsGuest } from "../shared/poll/modes/guest.ts";
import { runLoop } from "../shared/poll/modes/own.ts";
import { LoopWorker } from "../shared/poll/modes/worker.ts";
import { Events } from "../shared/poll/readiness/events.ts";
import { openPoll } from "../shared/poll/readiness/pollers.ts";

/** How long the loop waits, in milliseconds: far longer than anything Node has to do. */
const TIME = 300;

const poll = openPoll();
const events = new Events(1);

/** @returns What Node has run by the time `over` is called. */
async function meanwhile(loop: (over: () => "end") => unknown): Promise<string> {
  const heard: string[] = [];
  const done = Object.entries({
    "a promise": Promise.resolve(),
    "a timer": pause(10),
    "the handler of Ctrl-C": once(process, "SIGINT"),
  }).map(([what, happened]) => happened.then(() => heard.push(what)));
  // A signal handler does not keep the process alive. This interval does, until it has run.
  const alive = setInterval(() => {}, TIME);
  process.kill(process.pid, "SIGINT");
  let during: string[] = [];
  await loop(() => {
    during = [...heard];
    return "end";
  });
  await Promise.all(done);
  clearInterval(alive);
  return during.sort().join(", ") || "nothing";
}

// #region modes
const own = await meanwhile((over) => runLoop(poll, events, over, TIME));
const guest = await meanwhile((over) => runAsGuest(poll, events, over, TIME));
const worker = await meanwhile(async (over) => {
  const file = new URL("parts/wait-loop.ts", import.meta.url).href;
  const workerData = { file, time: TIME };
  const loader = new URL("parts/load.mjs", import.meta.url);
  await new LoopWorker(loader, { workerData }).ended;
  over();
});
// #endregion modes
poll.close();

console.log("what has its turn on the main thread while a loop waits");
console.log(`  that owns the thread: ${own}`);
console.log(`  that is a guest:      ${guest}`);
console.log(`  that owns a worker:   ${worker}`);
