// The words that STYLE.md avoids, looked for in what people read.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "../behaviours/steps.ts";
import { BEHAVIOURS } from "../behaviours/table.ts";

/** What to write instead of each. */
const AVOID: readonly (readonly [RegExp, string])[] = [
  [/\bwho(so)?ever\b/i, "a client that, anyone who, if you"],
  [/\bmend(s|ed|ing)?\b/i, "fix"],
  [/\b(is|are|was|were|be) told\b/i, "is notified, reports"],
  [/\banew\b/i, "again"],
  [/\bfor ever\b/i, "forever, without end"],
  [/\ba person\b/i, "the user, a reader"],
  [/\bshall\b/i, "should, will"],
  [/\bdeeds?\b/i, "action"],
  [/\bbarriers\b/i, "accessibility faults"],
  [/\bnever waits\b/i, "non-blocking"],
  [/\bby (edge|level)\b/i, "edge-triggered, level-triggered"],
  [/\bthat is none\b/i, "an invalid …"],
];

/** Where the rule holds already; STYLE.md itself has to name the words. */
const PLACES = [
  "README.md",
  "CONTRIBUTING.md",
  "justfile",
  "examples",
  "scripts",
  "behaviours",
  "docs/asides",
  "test/asides",
  "test/bench",
  "test/reactor",
  "test/shared",
  ...readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

function filesUnder(path: string): string[] {
  if (!statSync(join(ROOT, path)).isDirectory()) return [path];
  return readdirSync(join(ROOT, path)).flatMap((name) => filesUnder(`${path}/${name}`));
}

const found = (text: string) =>
  text.split("\n").flatMap((line, index) =>
    AVOID.flatMap(([word, better]) => {
      const match = word.exec(line);
      return match ? [`${index + 1}: "${match[0]}": ${better}`] : [];
    }),
  );

test("finds a word that it avoids", () => {
  expect(found("fine\nwhoever mends it is told")).toEqual([
    '2: "whoever": a client that, anyone who, if you',
    '2: "mends": fix',
    '2: "is told": is notified, reports',
  ]);
});

describe.each(PLACES)("%s", (place) => {
  test.each(filesUnder(place))("%s", (file) => {
    expect(found(readFileSync(join(ROOT, file), "utf8"))).toEqual([]);
  });
});

test("a behaviour's title is a sentence without its subject", () => {
  for (const { title } of BEHAVIOURS) {
    expect(title).toMatch(/^(still |never )?[a-z]+s |^does not /);
    expect(title, "a full stop").not.toMatch(/\.$/);
  }
});
