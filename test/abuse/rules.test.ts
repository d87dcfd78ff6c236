// The table of rules: each has tests, and each change that breaks one has a place.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { BEHAVIOURS } from "../../behaviours/table.ts";
import { CASES } from "./cases.ts";
import { changed } from "./mutant.ts";
import { RULES } from "./rules.ts";

const titles = [...BEHAVIOURS.filter(({ to }) => to === 18), ...CASES].map(
  ({ title }) => title,
);

describe("the rules of step 18", () => {
  test.each(RULES)("$says: held by tests that there are", ({ held }) => {
    expect(held.length).toBeGreaterThan(0);
    for (const title of held) expect(titles).toContain(title);
  });

  test("each change that breaks one has a place", () => {
    const built = inject("built");
    for (const mutation of RULES.flatMap(({ broken = [] }) => broken)) {
      const { file } = mutation;
      const name = file === undefined ? "18-final/server.js" : `shared/${file}.js`;
      const source = readFileSync(join(built, name), "utf8");
      expect(changed(source, mutation)).not.toBe(source);
    }
  });

  test("each case belongs to a rule", () => {
    const held = new Set(RULES.flatMap((rule) => rule.held));
    const flags = /^refuses --/;
    const free = CASES.filter(({ title }) => !held.has(title) && !flags.test(title));
    expect(free.map(({ title }) => title)).toEqual([]);
    const hostile = BEHAVIOURS.filter(
      ({ from, title }) => from === 18 && !held.has(title),
    );
    expect(hostile.map(({ title }) => title)).toEqual([
      "accounts for every message to twenty clients that read late",
    ]);
  });
});
