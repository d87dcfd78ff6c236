// The lines that the file ever had, woven into one order.
import fc from "fast-check";
import { expect, test } from "vitest";
import { STEPS } from "../../behaviours/steps.ts";
import { filesOfStep } from "../../scripts/diff/files.ts";
import { linesOf } from "../../scripts/diff/line.ts";
import { type Strand, weave } from "../../scripts/docs/site/weave.ts";

const version = (strands: readonly Strand[], n: number) =>
  strands.filter(({ from, to }) => from <= n && n <= to).map(({ text }) => text);

test("each line stands once, with its first and its last step", () => {
  const strands = weave(["a\nb\n", "a\nc\nb\n", "c\nb\nd\n"]);
  expect(strands.map(({ text, from, to, line }) => [text, from, to, line])).toEqual([
    ["a", 1, 2, 1],
    ["c", 2, 3, 2],
    ["b", 1, 3, 2],
    ["d", 3, 3, 3],
  ]);
});

test("a line that goes and comes again is two", () => {
  const strands = weave(["a\nb\n", "b\n", "a\nb\n"]);
  expect(strands.filter(({ text }) => text === "a")).toEqual([
    { text: "a", from: 3, to: 3, line: 1 },
    { text: "a", from: 1, to: 1, line: 1 },
  ]);
});

test("every version comes out of the weave as it went in", () => {
  const text = fc
    .array(fc.constantFrom("a", "b", "c", "", "}"), { maxLength: 8 })
    .map((lines) => lines.map((line) => `${line}\n`).join(""));
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), (versions) => {
      const strands = weave(versions);
      for (const [index, one] of versions.entries()) {
        expect(version(strands, index + 1)).toEqual(
          linesOf(one, "hide").map((line) => line.text),
        );
      }
    }),
  );
});

test("so do the servers of the steps", () => {
  const versions = STEPS.map((step) => filesOfStep(step).get("server.ts") ?? "");
  const strands = weave(versions);
  for (const [index, one] of versions.entries()) {
    expect(version(strands, index + 1)).toEqual(linesOf(one, "hide").map((l) => l.text));
  }
});
