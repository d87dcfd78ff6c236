// What the user may have meant.
import { expect, test } from "vitest";
import { distance, nearest } from "../../scripts/nearest.mjs";

test.each([
  ["", "", 0],
  ["abc", "", 3],
  ["kitten", "sitting", 3],
  ["chat", "caht", 1],
  ["naems", "names", 1],
  ["ca", "abc", 3],
])("from %j to %j it is %i", (a, b, far) => {
  expect([distance(a, b), distance(b, a)]).toEqual([far, far]);
});

test("the nearest comes first, and three at most", () => {
  const names = ["example", "examples", "exam", "sample", "simple"];
  expect(nearest("exampel", names)).toEqual(["example", "examples", "exam"].slice(0, 2));
  expect(nearest("abcdef", ["abcdex", "abcdey", "abcdez", "abcdew"])).toHaveLength(3);
});

test("a step is near by its name without its number", () => {
  expect(nearest("naems", ["09-names", "10-rename"])).toEqual(["09-names"]);
});

test("a short word is near to little, and nothing to all", () => {
  expect(nearest("ab", ["abc", "ba"])).toEqual([]);
  expect(nearest("", ["a", ""])).toEqual([""]);
});
