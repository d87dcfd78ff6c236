// What the HTTP loads share: warming up, counting for a while, waiting.
import type { Events } from "../../../examples/shared/poll/readiness/events.ts";
import type { Poll } from "../../../examples/shared/poll/readiness/poll.ts";
import type { Target } from "../client.ts";
import { Histogram } from "../histogram.ts";
import type { HttpFigures } from "../result.ts";
import { usageOf } from "../usage.ts";

export interface Options {
  readonly target: Target;
  /** The path to request. */
  readonly path: string;
  /** The server's process. */
  readonly pid: number;
  /** How long to measure, in milliseconds. */
  readonly ms: number;
}

/**
 * Waits once, and handles what has arrived.
 *
 * @param latency Records how long each response took; undefined during the warm-up.
 * @returns How many responses arrived.
 */
export type Answers = (latency?: Histogram) => number;

/**
 * A server is warm when its code is compiled. That takes a number of requests, however long they
 * last on a busy machine. `least` and `most` bound the time, in milliseconds.
 */
const WARM_UP = { requests: 30_000, least: 700, most: 5000 };
/** After this time without an event, the server counts as stalled. */
const LIMIT_MS = 5000;

/** Warms the server up, then repeats `turn` for as long as it measures. */
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

/** @throws {Error} When nothing arrives: the server stalls, or accepts no connections. */
export function waitFor(poll: Poll, events: Events): void {
  const began = performance.now();
  do {
    poll.poll(events, LIMIT_MS);
    // A signal also ends a wait, without an event.
    if (events.length > 0) return;
  } while (performance.now() - began < LIMIT_MS);
  throw new Error("the server has fallen silent");
}
