// What is the same of both loads over HTTP: to warm up, to count for a while, to wait.
import type { Events } from "../../../examples/shared/poll/readiness/events.ts";
import type { Poll } from "../../../examples/shared/poll/readiness/poll.ts";
import type { Target } from "../client.ts";
import { Histogram } from "../histogram.ts";
import type { HttpFigures } from "../result.ts";
import { usageOf } from "../usage.ts";

export interface Options {
  readonly target: Target;
  /** What is asked for. */
  readonly path: string;
  /** The server's process. */
  readonly pid: number;
  /** How long is measured, in milliseconds. */
  readonly ms: number;
}

/**
 * Waits once, and handles what has come.
 *
 * @param latency Gets how long each answer took; none while the server warms up.
 * @returns How many answers came.
 */
export type Answers = (latency?: Histogram) => number;

/**
 * A server is warm when its code is compiled: after so many requests, however long they take on a
 * busy machine. But not after less, nor after more than so long, in milliseconds.
 */
const WARM_UP = { requests: 30_000, least: 700, most: 5000 };
/** Nothing has come for so long: the server stands still. */
const LIMIT_MS = 5000;

/** Turns for a while, and again for as long as is measured. */
export function measured(turn: Answers, { pid, ms }: Options): HttpFigures {
  warmUp(turn);
  const latency = new Histogram();
  const before = { ...usageOf(pid), own: process.cpuUsage(), at: performance.now() };
  const requests = turnFor(ms, () => turn(latency));
  const after = { ...usageOf(pid), own: process.cpuUsage(before.own) };
  const seconds = (performance.now() - before.at) / 1000;
  return {
    requests,
    seconds,
    cpu: after.cpu - before.cpu,
    ownCpu: (after.own.user + after.own.system) / 1e6 / seconds,
    memory: after.memory,
    latency: latency.summary(),
  };
}

function warmUp(turn: Answers): void {
  const began = performance.now();
  let done = turnFor(WARM_UP.least, turn);
  while (done < WARM_UP.requests && performance.now() - began < WARM_UP.most) {
    done += turn();
  }
}

function turnFor(ms: number, turn: Answers): number {
  const end = performance.now() + ms;
  let answers = 0;
  while (performance.now() < end) answers += turn();
  return answers;
}

/** @throws {Error} When nothing comes: the server stands still, or accepts nobody. */
export function waitFor(poll: Poll, events: Events): void {
  const began = performance.now();
  do {
    poll.poll(events, LIMIT_MS);
    // A signal, too, ends a wait without any event.
    if (events.length > 0) return;
  } while (performance.now() - began < LIMIT_MS);
  throw new Error("the server has fallen silent");
}
