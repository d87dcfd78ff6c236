// A histogram of durations, accurate to 0.1 %.
import { createHistogram } from "node:perf_hooks";

/** Node's histogram records integers, here nanoseconds. */
const NS_PER_MS = 1e6;

export class Histogram {
  readonly #ns = createHistogram({ figures: 3 });

  /** @param ms A duration in milliseconds, 0 or more. */
  add(ms: number): void {
    this.#ns.record(Math.max(1, Math.round(ms * NS_PER_MS)));
  }

  /** Median, 99th percentile and maximum, in milliseconds; 0 when nothing was recorded. */
  summary(): { readonly p50: number; readonly p99: number; readonly max: number } {
    const at = (percent: number) => this.#ns.percentile(percent) / NS_PER_MS;
    return { p50: at(50), p99: at(99), max: at(100) };
  }
}
