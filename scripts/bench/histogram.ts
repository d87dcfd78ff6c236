// Counts of durations, from a microsecond to hours, with an error of at most two percent.

/** 64 steps for each power of two. */
const STEPS = 64;

export class Histogram {
  readonly #counts = new Float64Array(STEPS * 40);
  #count = 0;
  #max = 0;

  /** @param ms A duration in milliseconds, 0 or more. */
  add(ms: number): void {
    const us = Math.max(1, ms * 1000);
    const power = 31 - Math.clz32(us);
    const step = Math.floor((us / 2 ** power - 1) * STEPS);
    const slot = power * STEPS + step;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
    this.#count += 1;
    if (ms > this.#max) this.#max = ms;
  }

  /** The largest duration, in milliseconds; 0 when there is none. */
  get max(): number {
    return this.#max;
  }

  /**
   * The duration that a share of all does not exceed, in milliseconds; 0 when there are none.
   *
   * @param share From 0 to 1: 0.99 for the 99th percentile.
   */
  at(share: number): number {
    let left = share * this.#count;
    for (const [slot, count] of this.#counts.entries()) {
      left -= count;
      if (left > 0 || count === 0) continue;
      const power = Math.floor(slot / STEPS);
      const upper = 2 ** power * (1 + ((slot % STEPS) + 1) / STEPS);
      return Math.min(this.#max, upper / 1000);
    }
    return this.#max;
  }
}
