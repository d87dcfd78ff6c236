// Three ways in which tasks wait for each other forever, each with its cure. A deadlock is
// silent: the event loop has nothing left to wait for, and the process would end.
// Run it: just example deadlocks
// Page: docs/asides/deadlocks.md
import { Mutex } from "./parts/mutex.ts";
import { turns } from "./parts/turns.ts";

// #region watch
/** Starts the tasks, and prints whether all of them finish or a deadlock occurs. */
async function watch(name: string, start: () => Promise<unknown>[]): Promise<void> {
  const outcome = await new Promise<string>((resolve) => {
    // Emitted when nothing can wake a task any more. The immediate keeps the process alive.
    const onEmpty = () => setImmediate(() => resolve("deadlock"));
    process.once("beforeExit", onEmpty);
    void Promise.all(start()).then(() => {
      process.off("beforeExit", onEmpty);
      resolve("finished");
    });
  });
  console.log(`${name}: ${outcome}`);
}
// #endregion watch

/** An event that happens once: tasks can wait for it, and one makes it happen. */
function event(): { happened: Promise<void>; happen: () => void } {
  let happen = () => {};
  const happened = new Promise<void>((resolve) => {
    happen = resolve;
  });
  return { happened, happen };
}

// #region over-await
await watch("1. holds the lock while it waits for a task that needs it", () => {
  const [mutex, answer] = [new Mutex(), event()];
  const asker = mutex.run(async () => {
    await answer.happened;
  });
  const answerer = mutex.run(async () => answer.happen());
  return [asker, answerer];
});

await watch("   cured: releases it before it waits", () => {
  const [mutex, answer] = [new Mutex(), event()];
  const asker = mutex.run(async () => {}).then(() => answer.happened);
  const answerer = mutex.run(async () => answer.happen());
  return [asker, answerer];
});
// #endregion over-await

// #region re-enter
await watch("2. takes a lock that it holds already", () => {
  const mutex = new Mutex();
  const add = () => mutex.run(() => turns());
  const addTwo = () =>
    mutex.run(async () => {
      await add();
      await add();
    });
  return [addTwo()];
});

await watch("   cured: locks at the door, not inside", () => {
  const mutex = new Mutex();
  const addLocked = () => turns();
  const addTwo = () =>
    mutex.run(async () => {
      await addLocked();
      await addLocked();
    });
  return [addTwo()];
});
// #endregion re-enter

// #region two-orders
/** Moves something from one to the other, holding both locks meanwhile. */
async function move(first: Mutex, second: Mutex): Promise<void> {
  await first.run(async () => {
    await turns();
    await second.run(() => turns());
  });
}

await watch("3. two locks in two orders", () => {
  const [ann, bob] = [new Mutex(), new Mutex()];
  return [move(ann, bob), move(bob, ann)];
});

await watch("   cured: one order for all", () => {
  const [ann, bob] = [new Mutex(), new Mutex()];
  return [move(ann, bob), move(ann, bob)];
});
// #endregion two-orders
