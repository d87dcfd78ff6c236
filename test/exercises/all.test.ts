// Every solution has a test, and is its step with a change that one can survey.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXERCISES } from "../../behaviours/exercises/table.ts";
import { ROOT } from "../../behaviours/steps.ts";
import { oneFolderDown } from "../../scripts/diff/files.ts";
import { diffFile } from "../../scripts/diff/model.ts";
import { findProgram, solutions } from "../../scripts/programs.ts";
import { solutionsNamedIn } from "./solve.ts";

test("every solution has a test, by solves() or under its number", () => {
  const named = readdirSync(join(ROOT, "test/exercises"))
    .filter((file) => /^(\d\d|[rm]\d)\.slow\.test\.ts$/.test(file))
    .flatMap((file) => solutionsNamedIn(`test/exercises/${file}`));
  const listed = EXERCISES.map(({ number }) => findProgram(number).slug);
  expect([...new Set([...listed, ...named])].sort()).toEqual(
    solutions()
      .map(({ slug }) => slug)
      .sort(),
  );
});

/** The most lines that a solution adds to its step and removes from it, all in all. */
const BUDGET = 60;
const MORE: Readonly<Record<string, number>> = {
  // The server becomes two programs: one that starts, and one that serves, four times.
  "r1-3-four": 75,
  // A user becomes an object that another's task may change.
  "10-3-swap": 65,
  // A protocol of its own, with a handler that lets clients in.
  "r6-1-echo": 70,
  // Another program on the same library, as small as r7's own.
  "r7-3-echo": 150,
  // What a turn gathers is kept by room, and leaves in one entry.
  "m2-2-turns": 70,
};

test.each(solutions())("$slug changes few lines of its step", ({ slug, file, step }) => {
  const body = (text: string) => text.slice(text.indexOf("import "));
  const before = readFileSync(join(step?.folder ?? "", "server.ts"), "utf8");
  const { added, removed } = diffFile(
    slug,
    body(oneFolderDown(before)),
    body(readFileSync(file, "utf8")),
  );
  const budget = MORE[slug] ?? BUDGET;
  expect(added + removed).toBeGreaterThan(0);
  expect(added + removed).toBeLessThanOrEqual(budget);
});
