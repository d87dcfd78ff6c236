// Wakers called from another thread: no wake is lost.
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { openPoll } from "../../../examples/shared/poll/readiness/pollers.ts";
import { type Future, PENDING } from "../../../examples/shared/runtime/future.ts";
import {
  type RemoteWaker,
  RemoteWakers,
} from "../../../examples/shared/runtime/remote-waker.ts";
import { Runtime } from "../../../examples/shared/runtime/runtime.ts";
import type { WorkerData } from "./remote-wakes.ts";

const TASKS = 40;
const TIMES = 4000;
const THREADS = 2;

test("no wake from another thread is lost", async () => {
  const poll = openPoll();
  const runtime = new Runtime(poll, (error) => {
    throw error;
  });
  const remote = new RemoteWakers(runtime);
  const values = new Int32Array(new SharedArrayBuffer(4 * TASKS));
  const wakers: RemoteWaker[] = [];
  const wanted = (THREADS * TIMES) / TASKS;
  let left = TASKS;
  for (let at = 0; at < TASKS; at += 1) {
    let mine: RemoteWaker | undefined;
    const all: Future<void> = {
      poll(waker) {
        if (mine === undefined) {
          mine = remote.hold(waker);
          wakers[at] = mine;
        }
        if (Atomics.load(values, at) < wanted) return PENDING;
        remote.release(mine);
        left -= 1;
        if (left === 0) runtime.end();
        return undefined;
      },
      drop() {},
    };
    runtime.spawn(all);
  }
  const begin = setInterval(() => {
    // Each task has polled once, and sleeps.
    if (wakers.length < TASKS) return;
    clearInterval(begin);
    for (let thread = 0; thread < THREADS; thread += 1) {
      const file = new URL("remote-wakes.ts", import.meta.url).href;
      const data: WorkerData & { file: string } = { wakers, times: TIMES, values, file };
      const program = new URL(
        "../../../examples/shared/load-worker.mjs",
        import.meta.url,
      );
      new Worker(program, { workerData: data });
    }
  }, 1);
  await runtime.runAsGuest();
  expect([left, remote.size]).toEqual([0, 0]);
  poll.close();
});
