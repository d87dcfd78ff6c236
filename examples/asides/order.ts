// In which order the event loop runs what was asked for, as far as that is guaranteed.
// Run it: just example order
// Page: docs/asides/event-loop.md
import { stat } from "node:fs";
import { turns } from "./parts/turns.ts";

const log: string[] = [];

/** Asks for one of each kind, the latest first. */
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

/** Waits until all five have come. */
async function wait(): Promise<void> {
  while (log.length < 6) await turns();
}

// The answer to a system call comes in the poll phase: the check phase, where immediates
// run, is next, and timers are not looked at before.
stat(".", ask);
await wait();
console.log(`From a callback of I/O:\n  ${log.splice(0).join("\n  ")}`);

// A module runs as a microtask itself: the queue of microtasks is emptied before the
// queue of ticks is looked at. Which of a timer and an immediate is first is open here.
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
