// A promise works as soon as it is made; a future works when polled, and can be dropped.
// Page: docs/r8-runtime.md
import { type Future, PENDING, type Waker } from "../shared/runtime/future.ts";

const log = (who: string, what: string) => console.log(`${who.padEnd(9)}${what}`);

/** Two pieces of work, one after another. */
async function workEagerly(): Promise<string> {
  log("promise", "works");
  await null;
  log("promise", "works on, though nobody waits");
  return "done";
}

class Work implements Future<string> {
  #isBegun = false;

  poll(waker: Waker) {
    log("future", this.#isBegun ? "works on" : "works");
    if (this.#isBegun) return "done";
    this.#isBegun = true;
    // Without this it would never be polled again.
    waker.wake();
    return PENDING;
  }

  drop() {
    log("future", "is dropped: gives back what it has");
  }
}

const waker: Waker = {
  wake: () => log("waker", "a poll is worthwhile"),
  consumeBudget: () => true,
  spend() {},
};

void workEagerly();
log("promise", "is made");
await null;

const future = new Work();
log("future", "is made");
for (;;) {
  const value = future.poll(waker);
  if (value === PENDING) continue;
  log("future", value);
  break;
}

const other = new Work();
other.poll(waker);
other.drop();
