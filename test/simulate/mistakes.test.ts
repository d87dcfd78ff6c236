// The mistakes that "Break it" makes: each breaks a rule that its step keeps.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { STEPS } from "../../behaviours/steps.ts";
import { MISTAKES } from "../../scripts/docs/site/mistakes.ts";
import { addressOf } from "../../scripts/simulate/actors.ts";
import { explore } from "../../scripts/simulate/explore/explore.ts";
import { Pool } from "../../scripts/simulate/explore/pool.ts";
import type { SeedReport } from "../../scripts/simulate/explore/task.ts";
import { HAS_LIBRARY } from "./library.ts";

/** The first seed that shows it, and the rule that it breaks. */
const FOUND = new Map<number, readonly [seed: number, rule: string]>([
  [2, [1, "the server keeps running"]],
  [6, [2, "the server keeps running"]],
  [7, [1, "the server keeps running"]],
  [8, [2, "every client is served"]],
  [10, [86, "no two users have the same name"]],
  [11, [1, "a name is free again when its user is gone"]],
  [13, [1, "a departure is announced"]],
  [15, [5, "a line reaches everyone in its room"]],
  [17, [51, "a line comes back whole, and once"]],
]);

const all = [...MISTAKES].map(([step, mistake]) => ({ step, ...mistake }));
const run = test.runIf(HAS_LIBRARY);
run.each(all)("step $step: finds $name", async ({ step, edits }) => {
  const { slug = "" } = STEPS[step - 1] ?? {};
  const [seed = 0, rule] = FOUND.get(step) ?? [];
  const file = join("examples", slug, "server.ts");
  let text = readFileSync(file, "utf8");
  for (const [from, to] of edits) {
    expect(text.split(from), from).toHaveLength(2);
    text = text.replace(from, () => to);
  }
  // In a thread of its own, because its server may end by an unhandled rejection.
  const task = { step, weather: undefined, edits: [[addressOf(file), text]] as const };
  const pool = new Pool(1, task);
  const reports: SeedReport[] = [];
  await pool.explore([seed].values(), (report) => reports.push(report) > 0);
  await pool.end();
  expect(reports[0]?.broken.find(({ since }) => since <= step)).toMatchObject({ rule });
  const { broken } = await explore({ step, seed });
  expect(broken.filter(({ since }) => since <= step)).toEqual([]);
});
