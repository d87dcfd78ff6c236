// What strangers wrote: nothing in it may steer the terminal.
import fc from "fast-check";
import { expect, test } from "vitest";
import { printable } from "../../scripts/printable.ts";

/** Told apart from the code by listing them one by one. */
const BAD = [
  ...Array.from({ length: 0x20 }, (_, code) => code),
  ...Array.from({ length: 0x21 }, (_, code) => 0x7f + code),
  0x061c,
  0x200e,
  0x200f,
  ...Array.from({ length: 5 }, (_, code) => 0x202a + code),
  ...Array.from({ length: 4 }, (_, code) => 0x2066 + code),
  0x2028,
  0x2029,
  0xfeff,
].map((code) => String.fromCodePoint(code));

const anything = fc
  .array(
    fc.oneof(
      fc.constantFrom(...BAD),
      fc.constantFrom("a", "é", "漢", "👨‍👩‍👧", "\ud800", "\udc00", "[31m", "]0;x"),
      fc.string({ unit: "binary" }),
    ),
  )
  .map((parts) => parts.join(""));

test("no text has control codes in the end, nor what turns the order of others", () => {
  fc.assert(
    fc.property(anything, (text) => {
      const safe = printable(text);
      for (const bad of BAD) expect(safe).not.toContain(bad);
      expect(safe).not.toMatch(/\p{Surrogate}/u);
      expect(printable(safe)).toBe(safe);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["\x1b[31mred\x1b[0m", "[31mred[0m"],
  ["\x9b31mred", "31mred"],
  ["\x1b]0;title\x07", "]0;title"],
  ["a\tb", "a b"],
  ["a\u202egpj.exe\u202c", "agpj.exe"],
  ["a\u2066b\u2069", "ab"],
  ["one\u2028two\u2029", "onetwo"],
  ["carriage\rreturn\n", "carriagereturn"],
])("%j becomes %j", (text, safe) => {
  expect(printable(text)).toBe(safe);
});

test.each(["👨‍👩‍👧‍👦", "❤️", "👍🏽", "🇨🇭", "1️⃣", "نمی‌خواهم", "é", "漢字"])(
  "%s lives",
  (text) => {
    expect(printable(text)).toBe(text);
  },
);

test("keeps what the caller asks to keep, and no more", () => {
  expect(printable("a\tb\n\x1b", "\n")).toBe("a b\n");
});
