// A thread that wakes tasks of another thread a given number of times.
import { workerData } from "node:worker_threads";
import {
  type RemoteWaker,
  wakeRemotely,
} from "../../../examples/shared/runtime/remote-waker.ts";

const { wakers, times, values }: WorkerData = workerData;
for (let time = 0; time < times; time += 1) {
  const at = time % wakers.length;
  // The wake follows the write that it announces.
  Atomics.add(values, at, 1);
  const waker = wakers[at];
  if (waker) wakeRemotely(waker);
}

/** The worker data. */
export interface WorkerData {
  readonly wakers: readonly RemoteWaker[];
  readonly times: number;
  readonly values: Int32Array<SharedArrayBuffer>;
}
