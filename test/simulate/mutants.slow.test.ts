// A mistake in 18 is found within a thousand seeds, with a short session that shows it; and
// 18 itself breaks nothing at more of them. Each behaviour of each step holds on the machine.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { EXAMPLES, STEPS } from "../../behaviours/steps.ts";
import { behave, behavioursOf, EACH } from "../../scripts/simulate/explore/behave.ts";
import { Pool } from "../../scripts/simulate/explore/pool.ts";
import { MUTANTS, textOf } from "./mutants.ts";

const ADDRESS = pathToFileURL(join(EXAMPLES, "18-final", "server.ts")).href;
const MINUTES = 60_000;

function poolOf(edits: readonly (readonly [string, string])[]): Pool {
  const pool = new Pool(2, { step: 18, weather: undefined, edits });
  onTestFinished(() => pool.end());
  return pool;
}

test.each(MUTANTS)("finds $name", { timeout: 10 * MINUTES }, async (mutant) => {
  const pool = poolOf([[ADDRESS, textOf(mutant)]]);
  let found: number | undefined;
  const seeds = Array.from({ length: 1000 }, (_, index) => index + 1).values();
  await pool.explore(seeds, ({ seed, broken }) => {
    if (broken.some(({ rule }) => rule === mutant.rule)) found ??= seed;
    return found !== undefined;
  });
  if (found === undefined) throw new Error("no seed shows it");
  const { session } = await pool.shrink(found, mutant.rule);
  expect(session.length).toBeLessThanOrEqual(5);
  console.log([`${mutant.name}: seed ${found}`, ...session].join("\n  "));
});

test("finds nothing in 18 at 500 seeds", { timeout: 20 * MINUTES }, async () => {
  const seeds = Array.from({ length: 500 }, (_, index) => 20_000 + index).values();
  const wrong: unknown[] = [];
  await poolOf([]).explore(seeds, ({ seed, broken, fallen }) => {
    if (broken.length + fallen.length > 0) wrong.push({ seed, broken, fallen });
    return false;
  });
  expect(wrong).toEqual([]);
});

// Each in a weather that is drawn for it: in all of them it would take a quarter of an hour.
test.each(STEPS)(
  "all behaviours of $slug",
  { timeout: 20 * MINUTES },
  async ({ number }) => {
    const { length } = await behavioursOf(number);
    for (let seed = 0; seed < Math.ceil(length / EACH); seed += 1) {
      expect(await behave(number, seed)).toEqual([]);
    }
  },
);
