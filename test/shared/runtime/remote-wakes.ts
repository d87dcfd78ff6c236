// A thread that wakes tasks of another, as often as it is asked to.
import { workerData } from "node:worker_threads";
import {
  type RemoteWaker,
  wakeRemotely,
} from "../../../examples/shared/runtime/remote-waker.ts";

const { wakers, times, values }: WorkerData = workerData;
for (let time = 0; time < times; time += 1) {
  const at = time % wakers.length;
  // The wake comes after what it tells of.
  Atomics.add(values, at, 1);
  const waker = wakers[at];
  if (waker) wakeRemotely(waker);
}

/** The data that it is started with. */
export interface WorkerData {
  readonly wakers: readonly RemoteWaker[];
  readonly times: number;
  readonly values: Int32Array<SharedArrayBuffer>;
}
