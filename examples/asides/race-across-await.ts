// Check, wait, act: two tasks take the same name, because what the check saw was no
// longer true when they acted. Then three cures.
// Run it: just example race-across-await
// Page: docs/asides/races.md
import { Mutex } from "./parts/mutex.ts";
import { turns } from "./parts/turns.ts";

/** Stands for anything that takes time: a file, a database, another server. */
async function isAllowed(_name: string): Promise<boolean> {
  await turns();
  return true;
}

// #region wrong
async function takeWrong(taken: Set<string>, name: string): Promise<boolean> {
  if (taken.has(name)) return false; // otherwise it is free, for now
  if (!(await isAllowed(name))) return false; // other tasks run here
  taken.add(name); // is it still free?
  return true;
}
// #endregion wrong

// #region last
/** Checks after the last await, so that no other task runs between check and act. */
async function checkLast(taken: Set<string>, name: string): Promise<boolean> {
  if (!(await isAllowed(name))) return false;
  if (taken.has(name)) return false;
  taken.add(name);
  return true;
}
// #endregion last

// #region reserve
/** Acts before the first await, and undoes it if the name is not allowed. */
async function reserveFirst(taken: Set<string>, name: string): Promise<boolean> {
  if (taken.has(name)) return false;
  taken.add(name);
  let allowed = false;
  try {
    allowed = await isAllowed(name);
  } finally {
    if (!allowed) taken.delete(name);
  }
  return allowed;
}
// #endregion reserve

// #region lock
const mutex = new Mutex();

/** Holds a lock across the await, so the second task waits until the first is done. */
function holdLock(taken: Set<string>, name: string): Promise<boolean> {
  return mutex.run(() => takeWrong(taken, name));
}
// #endregion lock

for (const take of [takeWrong, checkLast, reserveFirst, holdLock]) {
  const taken = new Set<string>();
  const [ann, bob] = await Promise.all([take(taken, "Otter"), take(taken, "Otter")]);
  const got = (yes: boolean) => (yes ? "has it" : "does not");
  console.log(`${take.name.padEnd(12)} Ann ${got(ann)}, Bob ${got(bob)}`);
}
