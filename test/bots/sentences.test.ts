// bots/sentences: whatever the dice, it is one short line that reads well.
import { expect, test } from "vitest";
import { pick, sentence } from "../../scripts/bots/sentences.ts";

const many = (count: number) => Array.from({ length: count }, sentence);

test("a sentence is plain ASCII, one line, not a command, and short", () => {
  const wrong = many(2_000).filter((text) => !/^[A-Z][ -~]{8,198}[.!?]$/.test(text));
  expect(wrong).toEqual([]);
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

test("nothing can be picked from nothing", () => {
  expect(() => pick([])).toThrow(RangeError);
});
