// Drawings made of characters become pictures, and nothing of them is lost.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "../../behaviours/steps.ts";
import { renderDrawing } from "../../scripts/docs/drawing.ts";
import { pageFiles } from "../../scripts/docs/render.ts";
import { fencesIn } from "../../scripts/docs/session/fences.ts";

const place = { file: "docs/99-test.md", line: 7 };
const draw = (text: string, words = "A box.") => renderDrawing(text, words, place);
const path = (svg: string, name: string) =>
  new RegExp(`class="${name}" d="([^"]*)"`).exec(svg)?.[1];

describe("a drawing", () => {
  test("has its words, for those who do not see it", () => {
    expect(draw("┌┐", 'A "box".')).toContain(
      'role="img" aria-label="A &quot;box&quot;."',
    );
  });

  test("has a line for what goes on from cell to cell", () => {
    const svg = draw("   ┌──┐\n   │  │\n   └──┘\n");
    expect(path(svg, "lines")).toBe(
      "M3.6 8.5H25.2M3.6 42.5H25.2M3.6 8.5V42.5M25.2 8.5V42.5",
    );
    expect(path(svg, "tips")).toBe("");
  });

  test("has an arrow's tip at its end, and its words where they stand", () => {
    const svg = draw("a ─▶ b");
    expect(path(svg, "lines")).toBe("M14.4 8.5H25.2");
    expect(path(svg, "tips")).toMatch(/^M25.2 8.5m/);
    expect(svg).toContain('<tspan x="0">a </tspan><tspan x="36">b </tspan>');
  });

  test("must fit on a phone, and be told in words", () => {
    expect(() => draw(`${"─".repeat(46)}\n`)).toThrow(
      "docs/99-test.md:7: Cannot show a drawing 46 columns wide: at most 45 fit on a phone",
    );
    expect(() => draw("─", "")).toThrow("docs/99-test.md:7: Cannot show a drawing: say");
  });
});

describe("the pages", () => {
  const fences = pageFiles().flatMap((file) =>
    fencesIn(file, readFileSync(join(ROOT, file), "utf8"), ["text"]),
  );

  test("have no drawing that is shown as characters", () => {
    expect(fences.length).toBeGreaterThan(20);
    const plain = fences.filter(({ info }) => !info.startsWith("text drawing:"));
    const drawn = plain.filter(({ text }) => /[─│┌└▶◀▲▼]/.test(text));
    expect(drawn.map(({ file, line }) => `${file}:${line}`)).toEqual([]);
  });

  test("have only drawings that fit on a phone", () => {
    const drawings = fences.filter(({ info }) => info.startsWith("text drawing:"));
    expect(drawings.length).toBeGreaterThan(10);
    for (const { file, line, text } of drawings) {
      expect(() => renderDrawing(text, "x", { file, line })).not.toThrow();
    }
    // 328 px is the text's width on a phone of 360, 7.2 that of a character.
    const most = "─".repeat(Math.floor(328 / 7.2));
    const place = { file: "x.md", line: 1 };
    expect(() => renderDrawing(most, "x", place)).not.toThrow();
    expect(() => renderDrawing(`${most}─`, "x", place)).toThrow("fit on a phone");
  });
});
