// What it costs to wake a polling thread: how soon it wakes up, and what a wake costs the
// caller, with the sleeping flag of waker.ts and without.
import { Worker } from "node:worker_threads";
import { Events } from "../../../examples/shared/poll/readiness/events.ts";
import { Poll } from "../../../examples/shared/poll/readiness/poll.ts";
import {
  type Poller,
  wakerFrom,
} from "../../../examples/shared/poll/readiness/pollers.ts";
import type { SharedWaker } from "../../../examples/shared/poll/readiness/waker.ts";
import { medianOf, quantileOf } from "./median.ts";
import { nanoseconds } from "./waits.ts";

interface WakeResult {
  readonly poller: string;
  /** Microseconds from waking the other thread until this one is woken. */
  readonly roundTrip: { readonly p50: number; readonly p99: number };
  /** The share of trips in which the other thread was asleep when it was woken; 1 is all. */
  readonly asleep: number;
  /** Nanoseconds per wake, of a poll that does not wait. */
  readonly flagged: number;
  /** The same, but each wake calls the kernel. */
  readonly always: number;
}

/** What the other thread is started with. `waker` wakes the first thread. */
export interface EchoData {
  readonly poller: string;
  readonly waker: SharedWaker;
  /** 1 when the thread should end the next time it is woken. */
  readonly ended: Int32Array<SharedArrayBuffer>;
}

/** What the other thread replies when it is ready to be woken: its own waker. */
export type EchoReady = SharedWaker;

/** Measures all pollers in turns (A B A B), and returns the median of each figure. */
export async function measureWakes(
  pollers: readonly Poller[],
  rounds: number,
  trips: number,
): Promise<WakeResult[]> {
  const found = pollers.map((poller) => ({ poller, runs: [] as Run[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { poller, runs } of found) runs.push(await runOnce(poller, trips));
  }
  return found.map(({ poller, runs }) => {
    const middle = (figure: (run: Run) => number) => medianOf(runs.map(figure));
    return {
      poller: poller.name,
      roundTrip: { p50: middle(({ p50 }) => p50), p99: middle(({ p99 }) => p99) },
      asleep: middle(({ asleep }) => asleep),
      flagged: middle(({ flagged }) => flagged),
      always: middle(({ always }) => always),
    };
  });
}

interface Run {
  readonly p50: number;
  readonly p99: number;
  readonly asleep: number;
  readonly flagged: number;
  readonly always: number;
}

async function runOnce(poller: Poller, trips: number): Promise<Run> {
  const { times, asleep } = await roundTrips(poller, trips);
  return {
    p50: quantileOf(times, 0.5),
    p99: quantileOf(times, 0.99),
    asleep: asleep / trips,
    flagged: flaggedCost(poller),
    always: alwaysCost(poller),
  };
}

/** The poll does not wait, so a wake is one atomic load. */
function flaggedCost(poller: Poller): number {
  const poll = new Poll(poller.open());
  const waker = poll.openWaker(1);
  try {
    return nanoseconds(() => waker.wake());
  } finally {
    poll.close();
  }
}

function alwaysCost(poller: Poller): number {
  const selector = poller.open();
  const handle = selector.openWake();
  try {
    return nanoseconds(() => handle.wake());
  } finally {
    selector.close();
  }
}

async function roundTrips(poller: Poller, trips: number) {
  const poll = new Poll(poller.open());
  const ours = poll.openWaker(1);
  const ended = new Int32Array(new SharedArrayBuffer(4));
  const data: EchoData = { poller: poller.name, waker: ours.shared, ended };
  const worker = new Worker(STARTER, { eval: true, workerData: data });
  const shared = await new Promise<EchoReady>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  const theirs = wakerFrom(shared);
  const events = new Events(4);
  const times: number[] = [];
  let asleep = 0;
  // The first thousand trips warm up the JIT compiler.
  for (let trip = -1000; trip < trips; trip += 1) {
    const began = performance.now();
    const slept = theirs.wake();
    do poll.poll(events, null);
    while (events.length === 0);
    if (trip < 0) continue;
    times.push((performance.now() - began) * 1000);
    if (slept) asleep += 1;
  }
  // A thread that waits in the kernel cannot be terminated. It must be woken to end.
  const exited = new Promise((resolve) => worker.once("exit", resolve));
  Atomics.store(ended, 0, 1);
  theirs.wake();
  await exited;
  poll.close();
  return { times, asleep };
}

/** A thread does not inherit tsx, so it loads that first, and then the file. */
const STARTER = `
  import(${JSON.stringify(import.meta.resolve("tsx/esm/api"))}).then((tsx) => {
    tsx.register();
    return import(${JSON.stringify(new URL("./echo.ts", import.meta.url).href)});
  });
`;
