// A read-write lock: readers come in together, a writer alone, and nobody is passed over.
// Run it: just example rwlock
// Page: docs/asides/deadlocks.md
import { ReadWriteLock } from "./parts/rwlock.ts";
import { turns } from "./parts/turns.ts";

const lock = new ReadWriteLock();
const inside = new Set<string>();

/** Stays for two turns of the event loop, and says who is there. */
async function visit(name: string): Promise<void> {
  inside.add(name);
  console.log(`${name} comes in: ${[...inside].join(" and ")} inside`);
  await turns(2);
  inside.delete(name);
  console.log(`${name} leaves`);
}

// #region visits
// They ask in this order. Eve could read beside Ann and Bob, but a writer waits already.
await Promise.all([
  lock.read(() => visit("Ann")),
  lock.read(() => visit("Bob")),
  lock.write(() => visit("Writer")),
  lock.read(() => visit("Eve")),
]);
// #endregion visits
