// bots/sentences: whatever the dice, it is one short line that reads well.
import fc from "fast-check";
import { expect, test } from "vitest";
import { pick, seededRandom } from "../../scripts/bots/random.ts";
import { sentence } from "../../scripts/bots/sentences.ts";

const many = (count: number) => {
  const random = seededRandom(1);
  return Array.from({ length: count }, () => sentence(random));
};

test("a sentence is plain ASCII, one line, not a command, and short", () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      expect(sentence(seededRandom(seed))).toMatch(/^[A-Z][ -~]{8,198}[.!?]$/);
    }),
    { numRuns: 2_000 },
  );
});

test("every word is found, and has its article, plural and capital", () => {
  const texts = many(50_000);
  // One look at all of them: an expectation for each takes ten seconds.
  const having = (fault: RegExp) => texts.filter((text) => fault.test(text));
  expect(having(/[{}()]|undefined/)).toEqual([]);
  expect(having(/\ba [aeiou]|\ban [^aeiou]/i)).toEqual([]);
  expect(having(/(s|sh|ch|x)s\b/)).toEqual([]);
  expect(having(/[.!?] [a-z]/)).toEqual([]);
});

test("there are many", () => {
  expect(new Set(many(10_000)).size).toBeGreaterThan(5_000);
});

test("the same seed says the same, another says something else", () => {
  const say = (seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: 5 }, () => sentence(random));
  };
  expect(say(7)).toEqual(say(7));
  expect(say(7)).not.toEqual(say(8));
});

test("random numbers are from 0 up to 1, and spread evenly", () => {
  const random = seededRandom(3);
  const tenths = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i += 1) {
    const tenth = Math.floor(random() * 10);
    tenths[tenth] = (tenths[tenth] ?? Number.NaN) + 1;
  }
  expect(tenths).toHaveLength(10);
  for (const count of tenths) {
    expect(count).toBeGreaterThan(9_500);
    expect(count).toBeLessThan(10_500);
  }
});

test("nothing can be picked from nothing", () => {
  expect(() => pick([], () => 0)).toThrow(RangeError);
});
