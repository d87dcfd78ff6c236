// The order in which the event loop runs callbacks, as far as it is guaranteed.
// Run it: just example order
// Page: docs/asides/event-loop.md
import { stat } from "node:fs";
import { turns } from "./parts/turns.ts";

const log: string[] = [];

/** Schedules one callback of each kind, the last to run first. */
function ask(): void {
  // #region ask
  setTimeout(() => log.push("a timer of 0 ms"));
  setImmediate(() => log.push("setImmediate"));
  queueMicrotask(() => log.push("a microtask"));
  void Promise.resolve().then(() => log.push("a promise's reaction"));
  process.nextTick(() => log.push("nextTick"));
  log.push("the rest of the function");
  // #endregion ask
}

/** Waits until all five have run. */
async function wait(): Promise<void> {
  while (log.length < 6) await turns();
}

// I/O callbacks run in the poll phase. The check phase, where immediates run, comes next,
// and timers only after that.
stat(".", ask);
await wait();
console.log(`From a callback of I/O:\n  ${log.splice(0).join("\n  ")}`);

// A module itself runs as a microtask, so the microtask queue is drained before the
// nextTick queue. Whether a timer or an immediate comes first is not defined here.
ask();
await wait();
const sure = log.filter((what) => !/timer|setImmediate/.test(what));
console.log(`From a module, or behind an await:\n  ${sure.join("\n  ")}`);

// #region starve
log.length = 0;
setImmediate(() => log.push("setImmediate"));
for (let n = 1; n <= 1_000; n += 1) await null;
log.push("1,000 awaits of nothing");
// #endregion starve
await turns();
console.log(`Microtasks go first, however many they are:\n  ${log.join("\n  ")}`);
