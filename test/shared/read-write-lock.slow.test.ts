// The read-write lock in every order of three threads' steps, and with real threads.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { LOCK_WORDS, ReadWriteLock } from "../../examples/shared/read-write-lock.ts";
import { explore, type Program } from "./interleavings.ts";

const [LEFT, RIGHT] = [LOCK_WORDS, LOCK_WORDS + 1];

test("two readers and a writer: no torn read, and all threads end", () => {
  const writes: Program = (words, atomics) => {
    new ReadWriteLock(words, atomics).write(() => {
      atomics.store(words, LEFT, 1);
      atomics.store(words, RIGHT, 1);
    });
  };
  const reads: Program = (words, atomics) => {
    const [left, right] = new ReadWriteLock(words, atomics).read(() => [
      atomics.load(words, LEFT),
      atomics.load(words, RIGHT),
    ]);
    expect(left).toBe(right);
  };
  expect(explore([reads, reads, writes], LOCK_WORDS + 2)).toBeGreaterThan(1000);
}, 300_000);

test("none of ten million reads next to a writer is torn", async () => {
  const words = new Int32Array(new SharedArrayBuffer(4 * (LOCK_WORDS + 3)));
  const threads = ["read", "read", "write"].map((how) => {
    const workerData = {
      file: new URL("lock-thread.ts", import.meta.url).href,
      words,
      how,
      times: 5_000_000,
    };
    const load = new URL("../../examples/shared/load-worker.mjs", import.meta.url);
    return once(new Worker(load, { workerData }), "message");
  });
  const [one, two, written] = (await Promise.all(threads)).map(([count]) => count);
  expect([one, two]).toEqual([0, 0]);
  expect(written).toBeGreaterThan(0);
  // No write was lost: no two writers were inside at once.
  expect(words[LEFT]).toBe(written);
  expect(words[RIGHT]).toBe(written);
}, 300_000);
