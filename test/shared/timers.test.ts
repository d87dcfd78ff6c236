// Timers with few durations: each expires on time, whatever was set, moved and removed.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Timed, Timers, UNTIMED } from "../../examples/shared/timers.ts";

interface Named extends Timed {
  readonly name: number;
}

const named = (name: number): Named => ({ name, ...UNTIMED });

/** All expired timers. */
function taken(timers: Timers<Named>, now: number): number[] {
  const names: number[] = [];
  for (let item = timers.take(now); item; item = timers.take(now)) names.push(item.name);
  return names;
}

test("timers expire in order of time, whatever their durations", () => {
  const timers = new Timers<Named>();
  const [a, b, c] = [named(1), named(2), named(3)];
  timers.set(a, 0, 100);
  timers.set(b, 10, 20);
  timers.set(c, 20, 100);
  expect(timers.next).toBe(30);
  expect(taken(timers, 29)).toEqual([]);
  expect(taken(timers, 30)).toEqual([2]);
  expect(taken(timers, 99.9)).toEqual([]);
  expect(taken(timers, 200)).toEqual([1, 3]);
  expect(timers.next).toBe(Infinity);
});

test("a timer that is set again has only its new time, and a removed one never expires", () => {
  const timers = new Timers<Named>();
  const [a, b] = [named(1), named(2)];
  timers.set(a, 0, 10);
  timers.set(b, 0, 10);
  timers.set(a, 5, 10);
  timers.remove(b);
  timers.remove(b);
  expect(taken(timers, 14)).toEqual([]);
  expect(taken(timers, 15)).toEqual([1]);
  expect(taken(timers, 1e9)).toEqual([]);
});

test("durations that were used once leave nothing behind", () => {
  const timers = new Timers<Named>();
  const item = named(1);
  for (let duration = 1; duration <= 1000; duration += 1) {
    timers.set(item, 0, duration);
    timers.remove(item);
  }
  // Only the latest few empty lists are still there, to be checked when they are due.
  expect(timers.next).toBeGreaterThan(900);
});

test("an expired timer may be set again while the others are taken", () => {
  const timers = new Timers<Named>();
  const [a, b] = [named(1), named(2)];
  timers.set(a, 0, 10);
  timers.set(b, 0, 10);
  expect(timers.take(10)).toBe(a);
  timers.set(a, 10, 10);
  expect(taken(timers, 10)).toEqual([2]);
  expect(taken(timers, 20)).toEqual([1]);
});

test("timers behave like a list of times that is searched", () => {
  const steps = fc.array(
    fc.record({
      later: fc.nat(30),
      item: fc.nat(9),
      // Undefined removes the timer.
      duration: fc.option(fc.oneof(fc.constantFrom(0, 5, 50, 51), fc.nat(99)), {
        nil: undefined,
      }),
    }),
    { maxLength: 120 },
  );
  fc.assert(
    fc.property(steps, (some) => {
      const timers = new Timers<Named>();
      const items = Array.from({ length: 10 }, (_, name) => named(name));
      const model = new Map<number, number>();
      let now = 0;
      for (const { later, item: name, duration } of some) {
        now += later;
        const over = [...model].filter(([, due]) => due <= now).map(([one]) => one);
        expect(taken(timers, now).sort()).toEqual(over.sort());
        for (const one of over) model.delete(one);
        const item = items[name];
        if (item === undefined) continue;
        if (duration === undefined) {
          timers.remove(item);
          model.delete(name);
        } else {
          timers.set(item, now, duration);
          model.set(name, now + duration);
        }
        // The wait may end early, but never late.
        expect(timers.next).toBeLessThanOrEqual(Math.min(Infinity, ...model.values()));
      }
    }),
  );
});
