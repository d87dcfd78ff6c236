// listed: long lists in lines of bounded length, without splitting an entry.
import fc from "fast-check";
import { expect, test } from "vitest";
import { listed } from "../../examples/shared/listed.ts";

test("a short list is one line", () => {
  expect(listed("Rooms - ", ["main (2)", "attic (1)"], 99)).toEqual([
    "Rooms - main (2), attic (1)",
  ]);
  expect(listed("Rooms - ", [], 99)).toEqual(["Rooms - "]);
});

test("a long list is several lines, each as full as possible", () => {
  expect(listed("- ", ["aa", "bb", "xx", "dd"], 6)).toEqual([
    "- aa",
    "- bb",
    "- xx",
    "- dd",
  ]);
  expect(listed("- ", ["aa", "bb", "xx", "dd"], 10)).toEqual(["- aa, bb", "- xx, dd"]);
});

test("all entries are listed in order, and no line is too long", () => {
  const entry = fc.string({
    unit: fc.constantFrom("a", "b", "1"),
    minLength: 1,
    maxLength: 20,
  });
  const run = (entries: string[], limit: number) => {
    const lines = listed("U - ", entries, limit);
    const all = lines.flatMap((line) => line.slice("U - ".length).split(", "));
    expect(all).toEqual(entries);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(limit);
  };
  const entries = fc.array(entry, { minLength: 1, maxLength: 60 });
  fc.assert(fc.property(entries, fc.integer({ min: 24, max: 200 }), run));
});
