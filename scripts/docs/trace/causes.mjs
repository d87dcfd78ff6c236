// Finds out why the program is doing something: which read, or which end of a connection,
// led to it.
//
// Code is caused by what last made it run. A callback causes what it starts (a timer, a
// write). A promise's reaction runs after two events: it was attached, and the promise was
// settled; the later one is the cause. So when ann's line settles the promise that bob's
// task awaits, what bob's task does next is caused by ann's line.
import { createHook } from "node:async_hooks";

/** @typedef {number} Cause Increases with each event; 0 means none. */

/** The cause of each asynchronous resource, by its id. @type {Map<number, Cause>} */
const causes = new Map();
/** The parent promise of each reaction's promise. @type {Map<number, number>} */
const parents = new Map();
/** The causes of the callbacks that the current one interrupts. @type {Cause[]} */
const outer = [];
/** @type {Cause} */
let current = 0;

createHook({
  init(id, _type, trigger) {
    causes.set(id, current);
    if (_type === "PROMISE") parents.set(id, trigger);
  },
  promiseResolve(id) {
    // Updated when it is settled, because by then it may wait for another cause.
    causes.set(id, Math.max(causes.get(id) ?? 0, current));
  },
  before(id) {
    outer.push(current);
    const parent = parents.get(id);
    const settled = parent === undefined ? 0 : (causes.get(parent) ?? 0);
    // A callback bound to where it was created is called by the code running now.
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

/** The cause of the code that is running now. */
export function cause() {
  return current;
}

/** Sets the cause of everything from here on. @param {Cause} event */
export function setCause(event) {
  current = event;
}
