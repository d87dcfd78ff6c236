// The figures with words: no line runs through one.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../behaviours/steps.ts";

const FOLDER = join(ROOT, "docs/figures");
const FIGURES = readdirSync(FOLDER).filter((name) => name.endsWith(".svg"));

type Point = readonly [x: number, y: number];

/** The straight parts of the lines; tips and curves are left out. */
function linesOf(svg: string): (readonly [Point, Point])[] {
  const lines: (readonly [Point, Point])[] = [];
  for (const [, style, path = ""] of svg.matchAll(/<path class="(\w+)" d="([^"]+)"/g)) {
    if (style === "tip") continue;
    let [x, y] = [0, 0];
    for (const [, verb, rest = ""] of path.matchAll(/([MLHV])([-\d. ]+)/g)) {
      const [a = 0, b = 0] = rest.trim().split(" ").map(Number);
      const to: Point = verb === "H" ? [a, y] : verb === "V" ? [x, a] : [a, b];
      if (verb !== "M") lines.push([[x, y], to]);
      [x, y] = to;
    }
  }
  return lines;
}

/** The words and roughly where they are: half as wide as high, a letter on average. */
function wordsOf(svg: string) {
  const isMiddle = /text\{[^}]*text-anchor:middle/.test(svg);
  return [...svg.matchAll(/<text([^>]*)>([^<]*)</g)].map(([, given = "", text = ""]) => {
    const of = (name: string) =>
      new RegExp(`\\b${name}="([^"]+)"`).exec(given)?.[1] ?? "";
    const size = of("class") === "small" ? 11 : 13;
    const width = (text.length * size) / 2;
    const anchor = of("text-anchor") || (isMiddle ? "middle" : "start");
    const before = { start: 0, middle: width / 2, end: width }[anchor] ?? 0;
    const [left, low] = [Number(of("x")) - before, Number(of("y"))];
    return { text, left, right: left + width, high: low - 0.7 * size, low };
  });
}

test.each(FIGURES)("no line runs through the words of %s", (name) => {
  const svg = readFileSync(join(FOLDER, name), "utf8");
  const lines = linesOf(svg);
  const crossed = wordsOf(svg).filter(({ left, right, high, low }) =>
    lines.some(([[x1, y1], [x2, y2]]) =>
      Array.from({ length: 201 }, (_, at) => at / 200).some((at) => {
        const [x, y] = [x1 + (x2 - x1) * at, y1 + (y2 - y1) * at];
        return left < x && x < right && high < y && y < low;
      }),
    ),
  );
  expect(crossed.map(({ text }) => text)).toEqual([]);
});
