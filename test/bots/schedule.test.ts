// bots/schedule: who talks when, by loaded dice and by a clock that the test turns.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../scripts/bots/random.ts";
import { Schedule } from "../../scripts/bots/schedule.ts";

/** The turns of `seconds` seconds, asked for every `every` milliseconds. */
function turnsOf(schedule: Schedule, seconds: number, every: number): number[] {
  const turns: number[] = [];
  for (let now = 0; now <= seconds * 1_000; now += every) {
    turns.push(...schedule.take(now));
  }
  return turns;
}

describe("a schedule", () => {
  test("takes a turn when it is due, and not before", () => {
    // 1 - 1/e: the gap is just the mean, a tenth of a second.
    const random = () => 1 - 1 / Math.E;
    const schedule = new Schedule({ weights: [1], rate: 10, start: 1_000, random });
    expect(schedule.next).toBeCloseTo(1_100);
    expect(schedule.take(1_099)).toEqual([]);
    expect(schedule.take(1_101)).toEqual([0]);
    expect(schedule.next).toBeCloseTo(1_200);
    expect(schedule.take(1_301)).toEqual([0, 0]);
  });

  test("keeps to its rate on average, however often it is asked", () => {
    for (const every of [1, 7, 200]) {
      const random = seededRandom(11);
      const schedule = new Schedule({ weights: [1, 1], rate: 50, start: 0, random });
      const { length } = turnsOf(schedule, 1_000, every);
      // Five standard deviations of a Poisson distribution of mean 50,000.
      expect(Math.abs(length - 50_000)).toBeLessThan(5 * Math.sqrt(50_000));
    }
  });

  test("does not depend on how often it is asked", () => {
    const turns = (every: number) => {
      const random = seededRandom(12);
      const weights = [1, 2, 3];
      return turnsOf(new Schedule({ weights, rate: 20, start: 0, random }), 60, every);
    };
    expect(turns(1)).toEqual(turns(100));
  });

  test("lets each talk by its weight", () => {
    const random = seededRandom(13);
    const weights = [1, 4, 5];
    const turns = turnsOf(
      new Schedule({ weights, rate: 100, start: 0, random }),
      1_000,
      10,
    );
    for (const [index, weight] of weights.entries()) {
      const part = turns.filter((turn) => turn === index).length / turns.length;
      expect(Math.abs(part - weight / 10)).toBeLessThan(0.01);
    }
  });

  test("has gaps as a Poisson process has them: a part of 1/e is longer than the mean", () => {
    const schedule = new Schedule({
      weights: [1],
      rate: 1,
      start: 0,
      random: seededRandom(14),
    });
    let longer = 0;
    let before = schedule.next;
    for (let i = 0; i < 20_000; i += 1) {
      schedule.take(before);
      if (schedule.next - before > 1_000) longer += 1;
      before = schedule.next;
    }
    expect(Math.abs(longer / 20_000 - 1 / Math.E)).toBeLessThan(0.02);
  });

  test("does not make up for a long sleep", () => {
    const random = seededRandom(15);
    const schedule = new Schedule({ weights: [1], rate: 100, start: 0, random });
    expect(schedule.take(3_600_000).length).toBeLessThan(100);
    expect(schedule.next).toBeGreaterThan(3_600_000);
  });

  test("names no bot that there is not, whatever the dice", () => {
    const dice = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    const check = (weights: number[], one: number, two: number) => {
      let calls = 0;
      const random = () => [one, two, 0.5][calls++ % 3] ?? 0;
      const schedule = new Schedule({ weights, rate: 1_000, start: 0, random });
      for (const turn of schedule.take(100)) {
        expect(turn).toBeGreaterThanOrEqual(0);
        expect(turn).toBeLessThan(weights.length);
      }
    };
    fc.assert(fc.property(weights, dice, dice, check));
  });

  test.each([
    { weights: [1], rate: 0 },
    { weights: [1], rate: Number.NaN },
    { weights: [0], rate: 1 },
    { weights: [], rate: 1 },
  ])("cannot be made of %j", ({ weights, rate }) => {
    expect(() => new Schedule({ weights, rate, start: 0, random: () => 0 })).toThrow(
      RangeError,
    );
  });
});
