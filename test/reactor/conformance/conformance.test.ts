// Runs all cases on each poller that can run here, and prints a table at the end.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ALL } from "../../requirements.ts";
import { CASES } from "./all.ts";
import { type Built, buildCases } from "./build.ts";
import { allPlaces } from "./places.ts";
import type { Outcome } from "./run.ts";
import { type Column, summaryOf } from "./summary.ts";

const NAMES = CASES.map(({ name }) => name);
/** Milliseconds. Wine has to be prepared first, and may be in use by another test. */
const PATIENCE = 600_000;
const columns: Column[] = [];
let built: Built;

beforeAll(() => {
  built = buildCases();
});

afterAll(() => {
  built.remove();
  console.log(summaryOf(NAMES, columns));
});

test("each case has a unique name and a source for its promise", () => {
  expect(new Set(NAMES).size).toBe(NAMES.length);
  for (const { promise, name } of CASES) expect(promise, name).toMatch(/\w/);
});

const places = allPlaces();
/** `just test` uses the first that runs here, which is the poller of this system. */
const first = places.find((place) => place.whyNot === undefined);
const slow = "it is slow; run just test --all";

for (const place of places) {
  const { poller, how } = place;
  const whyNot = place.whyNot ?? (ALL || place === first ? undefined : slow);
  if (whyNot !== undefined) {
    columns.push({ poller, how, whyNot, outcomes: [] });
    test.skip(`${poller}: NOT RUN because ${whyNot}`);
    continue;
  }
  describe(`${poller}, ${how}`, () => {
    let outcomes: Outcome[] = [];
    beforeAll(async () => {
      outcomes = await place.run(built);
      columns.push({ poller, how, whyNot, outcomes });
    }, PATIENCE);

    test.each(NAMES)("%s", (name) => {
      const outcome = outcomes.find((one) => one.name === name);
      const { state, reason } = outcome ?? { state: "no answer", reason: undefined };
      expect(state, reason).toMatch(/^(passed|deviates|not run)$/);
    });

    test("at most three cases are not run", () => {
      const left = outcomes.filter(({ state }) => state === "not run");
      expect(left.length, JSON.stringify(left)).toBeLessThanOrEqual(3);
    });
  });
}
