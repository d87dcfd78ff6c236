// Every solution has a test.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../behaviours/steps.ts";
import { solutions } from "../../scripts/programs.ts";
import { solutionsNamedIn } from "./solve.ts";

test("every solution has a test, by solves() or under its number", () => {
  const named = readdirSync(join(ROOT, "test/exercises"))
    .filter((file) => /^(\d\d|r\d)\.test\.ts$/.test(file))
    .flatMap((file) => solutionsNamedIn(`test/exercises/${file}`));
  expect([...new Set(named)].sort()).toEqual(solutions().map(({ slug }) => slug));
});
