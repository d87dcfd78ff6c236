// Why the program does something now: which of the things that it read, or saw end, led
// to it.
//
// Code runs because of what made it run last. What a callback starts, it causes (a timer, a
// write). A promise's reaction runs when both have happened: it was attached, and the
// promise was settled; the later of the two is the cause. So when ann's line settles the
// promise on which bob's task waits, what bob's task does then is caused by ann's line.
import { createHook } from "node:async_hooks";

/** @typedef {number} Cause Grows with each event; 0 where there is none. */

/** By the number of the asynchronous resource: what led to it. @type {Map<number, Cause>} */
const causes = new Map();
/** The promise whose reaction a promise stands for. @type {Map<number, number>} */
const parents = new Map();
/** Those of the callbacks that this one interrupts. @type {Cause[]} */
const outer = [];
/** @type {Cause} */
let current = 0;

createHook({
  init(id, _type, trigger) {
    causes.set(id, current);
    if (_type === "PROMISE") parents.set(id, trigger);
  },
  promiseResolve(id) {
    // Once more when it is settled: by then it may wait for another cause.
    causes.set(id, Math.max(causes.get(id) ?? 0, current));
  },
  before(id) {
    outer.push(current);
    const parent = parents.get(id);
    const settled = parent === undefined ? 0 : (causes.get(parent) ?? 0);
    // A callback that is bound to where it was made is called by what runs now.
    const caller = outer.length > 1 ? current : 0;
    current = Math.max(causes.get(id) ?? 0, settled, caller);
  },
  after() {
    current = outer.pop() ?? 0;
  },
  destroy(id) {
    causes.delete(id);
    parents.delete(id);
  },
}).enable();

/** What led to the code that runs now. */
export function cause() {
  return current;
}

/** From here on, and for all that it leads to, this is the cause. @param {Cause} event */
export function setCause(event) {
  current = event;
}
