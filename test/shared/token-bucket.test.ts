// token-bucket: a burst at once, then a fixed rate per second.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TokenBucket } from "../../examples/shared/token-bucket.ts";

describe("a token bucket", () => {
  test("grants its burst at once, then makes each caller wait for a token", () => {
    const bucket = new TokenBucket(3, 10, () => 0);
    const waits = Array.from({ length: 6 }, () => bucket.take());
    expect(waits).toEqual([0, 0, 0, 100, 200, 300]);
  });

  test("refills over time, up to its burst", () => {
    let now = 0;
    const bucket = new TokenBucket(2, 10, () => now);
    expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 100]);
    now = 200;
    expect([bucket.take(), bucket.take()]).toEqual([0, 100]);
    now = 1_000_000;
    expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 100]);
  });

  test("says whether it has a token, and takes none for that", () => {
    let now = 0;
    const bucket = new TokenBucket(1, 10, () => now);
    expect([bucket.hasToken, bucket.hasToken, bucket.take()]).toEqual([true, true, 0]);
    now = 50;
    expect([bucket.hasToken, bucket.take()]).toEqual([false, 50]);
    now = 300;
    expect([bucket.hasToken, bucket.take()]).toEqual([true, 0]);
    expect(new TokenBucket(1, 0).hasToken).toBe(true);
  });

  test("makes no caller wait when its rate is 0", () => {
    const bucket = new TokenBucket(1, 0);
    for (let i = 0; i < 1_000; i += 1) expect(bucket.take()).toBe(0);
  });

  test.each([
    [0, 1, "Cannot hold 0 tokens: less than 1"],
    [Number.NaN, 1, "Cannot hold NaN tokens: less than 1"],
    [1, -1, "Cannot fill at -1: less than 0"],
  ])("cannot hold %d at a rate of %d", (burst, rate, message) => {
    expect(() => new TokenBucket(burst, rate)).toThrow(new RangeError(message));
  });

  test("grants at most its burst plus its rate in any period", () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1 });
    const run = (gaps: number[], burst: number, rate: number) => {
      let now = 0;
      const bucket = new TokenBucket(burst, rate, () => now);
      const times = gaps.map((gap) => {
        now += gap;
        // A caller that must wait does so.
        now += bucket.take();
        return now;
      });
      for (let from = 0; from < times.length; from += 1) {
        for (let to = from; to < times.length; to += 1) {
          const seconds = ((times[to] ?? 0) - (times[from] ?? 0)) / 1000;
          expect(to - from + 1).toBeLessThanOrEqual(burst + seconds * rate + 1e-6);
        }
      }
    };
    const burst = fc.integer({ min: 1, max: 5 });
    const rate = fc.integer({ min: 1, max: 50 });
    fc.assert(fc.property(gaps, burst, rate, run), { numRuns: 300 });
  });
});
