// A thread that reads or writes two words under the lock, which keeps both equal.
import { parentPort, workerData } from "node:worker_threads";
import { LOCK_WORDS, ReadWriteLock } from "../../examples/shared/read-write-lock.ts";

interface Data {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly how: "read" | "write";
  readonly times: number;
}

const [LEFT, RIGHT, DONE] = [LOCK_WORDS, LOCK_WORDS + 1, LOCK_WORDS + 2];
const READERS = 2;

const { words, how, times }: Data = workerData;
const lock = new ReadWriteLock(words);
let count = 0;
if (how === "read") {
  // Plain reads without Atomics: only the lock keeps them from being torn.
  for (let time = 0; time < times; time += 1) {
    count += lock.read(() => (words[LEFT] === words[RIGHT] ? 0 : 1));
  }
  Atomics.add(words, DONE, 1);
} else {
  while (Atomics.load(words, DONE) < READERS) {
    lock.write(() => {
      words[LEFT] = (words[LEFT] ?? 0) + 1;
      words[RIGHT] = (words[RIGHT] ?? 0) + 1;
    });
    count += 1;
  }
}
parentPort?.postMessage(count);
