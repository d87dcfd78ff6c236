// Two threads share two words that should always be equal: one writes, one reads. Without a
// lock the reader sees them half written; under a read-write lock over Atomics it does not.
// Run it: just example shared-lock
// Page: docs/asides/shared-memory.md
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { LOCK_WORDS, ReadWriteLock } from "../shared/read-write-lock.ts";
import { threadProgram } from "../shared/thread-program.ts";

const [LEFT, RIGHT, END] = [LOCK_WORDS, LOCK_WORDS + 1, LOCK_WORDS + 2];
const TRIES = 200_000;
/** How many rounds to wait for a torn read: a race may go well many times. */
const PATIENCE = 2000;

type Words = Int32Array<SharedArrayBuffer>;

function write(words: Words): void {
  words[LEFT] = (words[LEFT] ?? 0) + 1;
  words[RIGHT] = (words[RIGHT] ?? 0) + 1;
}

function isTorn(words: Words): boolean {
  return words[LEFT] !== words[RIGHT];
}

/** Reads while another thread writes. @returns How often the words were unequal. */
function tornReads(isLocked: boolean): number {
  const words = new Int32Array(new SharedArrayBuffer(4 * (LOCK_WORDS + 3)));
  startWriter(words, isLocked);
  // Until the writer has started.
  while (Atomics.load(words, RIGHT) === 0);
  const lock = new ReadWriteLock(words);
  let torn = 0;
  for (let round = 0; round < PATIENCE && torn === 0; round += 1) {
    for (let time = 0; time < TRIES; time += 1) {
      if (isLocked ? lock.read(() => isTorn(words)) : isTorn(words)) torn += 1;
    }
    if (isLocked) break;
  }
  Atomics.store(words, END, 1);
  return torn;
}

function startWriter(words: Words, isLocked: boolean): void {
  const { program, file } = threadProgram(new URL("shared-lock.ts", import.meta.url));
  new Worker(program, { workerData: { file, words, isLocked } });
}

if (isMainThread) {
  console.log(`without a lock: ${tornReads(false) > 0 ? "some" : "no"} torn reads`);
  console.log(`with the lock:  ${tornReads(true) > 0 ? "some" : "no"} torn reads`);
} else {
  const { words, isLocked }: { words: Words; isLocked: boolean } = workerData;
  const lock = new ReadWriteLock(words);
  while (Atomics.load(words, END) === 0) {
    if (isLocked) lock.write(() => write(words));
    else write(words);
  }
}
