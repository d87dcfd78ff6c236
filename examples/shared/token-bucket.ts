// A token bucket: a burst at once, and then a steady rate.

/**
 * Fills at `rate` tokens a second, up to `burst`. There is no timer: how full it is follows
 * from how full it was before and how long ago that was.
 *
 * ```text
 *   burst 20, rate 10     take × 22 at once     2 are owed: wait 200 ms
 *   20 ──────────────▶ 20, 19 … 1, 0, −1, −2 ─────────────────────▶ 0
 * ```
 */
export class TokenBucket {
  readonly #burst: number;
  readonly #rate: number;
  readonly #now: () => number;
  #tokens: number;
  #at: number;

  /**
   * @param burst The most tokens it holds, and the number it starts with: 1 or more.
   * @param rate Tokens a second: 0 or more. 0 means no limit: `take` returns 0.
   * @param now A clock that never goes back, in milliseconds.
   * @throws {RangeError} When one of them is out of its range.
   */
  constructor(burst: number, rate: number, now = clock) {
    if (!(burst >= 1)) throw new RangeError(`Cannot hold ${burst} tokens: less than 1`);
    if (!(rate >= 0)) throw new RangeError(`Cannot fill at ${rate}: less than 0`);
    this.#burst = burst;
    this.#rate = rate;
    this.#now = now;
    this.#tokens = burst;
    this.#at = rate === 0 ? 0 : now();
  }

  /** Whether it holds a token: `take` would return 0. */
  get hasToken(): boolean {
    return this.#rate === 0 || this.#filled(this.#now()) >= 1;
  }

  /**
   * Takes a token, on credit when there is none.
   *
   * @returns How long to wait until it is paid for, in milliseconds: 0 or more.
   */
  take(): number {
    if (this.#rate === 0) return 0;
    const now = this.#now();
    this.#tokens = this.#filled(now) - 1;
    this.#at = now;
    return Math.max(0, (-this.#tokens / this.#rate) * 1000);
  }

  #filled(now: number): number {
    const tokens = this.#tokens + ((now - this.#at) / 1000) * this.#rate;
    return Math.min(this.#burst, tokens);
  }
}

/** Shared by all buckets: otherwise each would keep a function of its own. */
function clock(): number {
  return performance.now();
}
