// A read-write lock: readers enter together, a writer alone, and each is served in turn.
// Run it: just example rwlock
// Page: docs/asides/deadlocks.md
import { ReadWriteLock } from "./parts/rwlock.ts";
import { turns } from "./parts/turns.ts";

const lock = new ReadWriteLock();
const inside = new Set<string>();

/** Stays for two turns of the event loop, and prints the names of those inside. */
async function visit(name: string): Promise<void> {
  inside.add(name);
  console.log(`${name} comes in: ${[...inside].join(" and ")} inside`);
  await turns(2);
  inside.delete(name);
  console.log(`${name} leaves`);
}

// #region visits
// They ask in this order. Eve could read along with Ann and Bob, but a writer is waiting.
await Promise.all([
  lock.read(() => visit("Ann")),
  lock.read(() => visit("Bob")),
  lock.write(() => visit("Writer")),
  lock.read(() => visit("Eve")),
]);
// #endregion visits
