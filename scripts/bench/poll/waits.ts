// What a wait costs with each poller, by the number of descriptors, one of which is ready.

import { library } from "../../../examples/shared/poll/ffi.ts";
import { Events } from "../../../examples/shared/poll/readiness/events.ts";
import { READABLE } from "../../../examples/shared/poll/readiness/interest.ts";
import type { Poller } from "../../../examples/shared/poll/readiness/pollers.ts";
import {
  openWakeDescriptor,
  type WakeDescriptor,
} from "../../../examples/shared/poll/sys/eventfd.ts";
import { medianOf } from "./median.ts";

export interface Series {
  readonly poller: string;
  /** Nanoseconds per wait, for each number of descriptors; medians of the rounds. */
  readonly points: readonly { readonly watched: number; readonly ns: number }[];
}

/** The least time that a measurement lasts, in milliseconds. */
const LONG_ENOUGH = 30;

/**
 * Measures all pollers in turns (A B A B), so that noise on the machine affects all of them.
 *
 * @param sizes How many descriptors to watch, in ascending order.
 */
export function measureWaits(
  pollers: readonly Poller[],
  sizes: readonly number[],
  rounds: number,
): Series[] {
  const found = pollers.map(({ name }) => ({ poller: name, points: [] as Point[] }));
  const fds: WakeDescriptor[] = [];
  try {
    for (const watched of sizes) {
      while (fds.length < watched) fds.push(openWakeDescriptor("none"));
      // One in the middle is ready, and stays ready because it is not drained.
      fds[watched >> 1]?.wake();
      const times = pollers.map((): number[] => []);
      // The very first round warms up the JIT compiler, and is not counted.
      const warm = watched === sizes[0] ? -1 : 0;
      for (let round = warm; round < rounds; round += 1) {
        for (const [at, poller] of pollers.entries()) {
          const time = timeOf(poller, fds);
          if (round >= 0) times[at]?.push(time);
        }
      }
      fds[watched >> 1]?.drain();
      for (const [at, { points }] of found.entries()) {
        points.push({ watched, ns: medianOf(times[at] ?? []) });
      }
    }
  } finally {
    for (const fd of fds) fd.close();
  }
  return found;
}

type Point = Series["points"][number];

function timeOf(poller: Poller, fds: readonly WakeDescriptor[]): number {
  const selector = poller.open();
  try {
    for (const [token, { fd }] of fds.entries()) {
      selector.register(fd, token, READABLE, "level");
    }
    const events = new Events(64);
    return nanoseconds(() => {
      events.clear();
      selector.select(events, null);
      if (events.length !== 1)
        throw new Error(`${poller.name} gave ${events.length} events`);
    });
  } finally {
    selector.close();
  }
}

/** The lower bound for every poller: a call into C that does nothing, and a system call. */
export function measureCalls(rounds: number): { name: string; ns: number }[] {
  const { fn } = library();
  const abs = fn("int abs(int value)");
  const getppid = fn("int getppid()");
  const calls = [
    { name: "abs: a call into C", run: () => abs(1) },
    { name: "getppid: a call into the kernel", run: () => getppid() },
  ];
  return calls.map(({ name, run }) => {
    const times = Array.from({ length: rounds }, () => nanoseconds(run));
    return { name, ns: medianOf(times) };
  });
}

/** How long one run takes, in nanoseconds, once the JIT compiler has compiled it. */
export function nanoseconds(run: () => void): number {
  for (let count = 0; count < 200; count += 1) run();
  let done = 0;
  const began = performance.now();
  for (;;) {
    for (let count = 0; count < 100; count += 1) run();
    done += 100;
    const passed = performance.now() - began;
    if (passed >= LONG_ENOUGH) return (passed * 1e6) / done;
  }
}
