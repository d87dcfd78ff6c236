// safe-text: text from users cannot control a terminal, and nothing else is lost.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isBlank,
  isLongerThan,
  safeText,
  safeTextOf,
} from "../../examples/shared/safe-text.ts";

/** Unsafe characters, defined in another way than in the code. */
function isUnsafe(char: string): boolean {
  const point = char.codePointAt(0) ?? 0;
  return (
    point < 0x20 ||
    (point >= 0x7f && point <= 0x9f) ||
    point === 0x2028 ||
    point === 0x2029 ||
    (point >= 0x202a && point <= 0x202e) ||
    (point >= 0x2066 && point <= 0x2069)
  );
}

describe("safe text", () => {
  test.each([
    ["an escape sequence", "a\x1b[31mb\x1b]0;title\x07c", "a[31mb]0;titlec"],
    ["an 8-bit control", "a\u009b31mb", "a31mb"],
    ["NUL and DEL", "a\0b\x7fc", "abc"],
    ["bidi overrides and isolates", "a\u202eb\u2066c\u2069\u202c", "abc"],
  ])("has %s removed", (_, from, to) => {
    expect(safeText(from)).toBe(to);
    expect(safeTextOf(Buffer.from(from))).toBe(to);
  });

  test.each(["\t", "\v", "\f", "\r", "\u0085", "\u2028", "\u2029"])(
    "has a space for %j",
    (char) => expect(safeText(`a${char}${char}b`)).toBe("a  b"),
  );

  test.each([
    "👩‍👩‍👧‍👦",
    "👍🏽",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "a\u200eb\u200f",
    "שלום",
    "می‌خواهم",
    "e\u0301",
    "\ufeffx",
    "ünï",
    "日本",
  ])("keeps %s", (text) => expect(safeTextOf(Buffer.from(text))).toBe(text));

  test.each([[[0xff]], [[0xc3]], [[0xed, 0xa0, 0x80]], [[0xc0, 0xaf]], [[0xf5, 0x80]]])(
    "is undefined for bytes that are not UTF-8: %j",
    (bytes) => expect(safeTextOf(Buffer.from([97, ...bytes, 98]))).toBeUndefined(),
  );

  test("is decoded from the bytes between start and end", () => {
    expect(safeTextOf(Buffer.from("abcdef"), 2, 4)).toBe("cd");
    expect(safeTextOf(Buffer.from("aéßb"), 1, 3)).toBe("é");
  });

  test("has nothing unsafe and everything else, whatever the text", () => {
    const char = fc
      .oneof(fc.nat(0xff), fc.integer({ min: 0x2000, max: 0x2100 }), fc.nat(0xd7ff))
      .map((point) => String.fromCodePoint(point));
    const run = (chars: string[]) => {
      const text = chars.join("");
      const safe = safeTextOf(Buffer.from(text)) ?? "not UTF-8";
      expect([...safe].filter(isUnsafe)).toEqual([]);
      const rest = [...safe].filter((one) => one !== " ").join("");
      const all = [...text].filter((one) => one !== " " && !isUnsafe(one)).join("");
      expect(rest).toBe(all);
      expect(safeText(safe)).toBe(safe);
    };
    fc.assert(fc.property(fc.array(char), run), { numRuns: 300 });
  });

  test("accepts exactly the bytes that a strict decoder accepts", () => {
    const strict = new TextDecoder("utf-8", { fatal: true });
    const byte = fc.oneof(
      fc.nat(127),
      fc.constantFrom(0xc3, 0xa9, 0xe2, 0x82, 0xf0, 0x9f),
    );
    const run = (bytes: number[]) => {
      let isText = true;
      try {
        strict.decode(Uint8Array.from(bytes));
      } catch {
        isText = false;
      }
      expect(safeTextOf(Buffer.from(bytes)) !== undefined).toBe(isText);
    };
    fc.assert(fc.property(fc.array(byte, { maxLength: 8 }), run), { numRuns: 1_000 });
  });
});

describe("a blank line", () => {
  test.each([
    "",
    " ",
    "\u00a0\u3000",
    "\u200b\u200d\u2060\ufeff",
    "\u00ad",
    "\u2800",
    "\u3164",
  ])("is %j", (text) => expect(isBlank(text)).toBe(true));

  test.each(["a", " .", "👩‍🚀", "\u200b-"])("is not %j", (text) => {
    expect(isBlank(text)).toBe(false);
  });
});

test("a text is longer than a limit by code points", () => {
  expect(isLongerThan("🦦".repeat(400), 400)).toBe(false);
  expect(isLongerThan("🦦".repeat(401), 400)).toBe(true);
  expect(isLongerThan("x".repeat(401), 400)).toBe(true);
  const run = (text: string, limit: number) =>
    isLongerThan(text, limit) === [...text].length > limit;
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.nat(20), run));
});
