// Runs all cases on each proactor that can run here, and prints a table at the end.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Built, buildCases } from "./conformance/build.ts";
import { outcomesOf, parseOutcomes } from "./conformance/places.ts";
import type { Outcome } from "./conformance/run.ts";
import { type Column, summaryOf } from "./conformance/summary.ts";
import { PROACTOR_CASES, SUBJECTS, whyNoSubject } from "./proactor/run.ts";
import { winePlace } from "./wine/place.ts";
import { runUnderWine } from "./wine/wine.ts";

const NAMES = PROACTOR_CASES.map(({ name }) => name);
const PROGRAM = "test/reactor/proactor/run.js";
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
  for (const { promise, name } of PROACTOR_CASES) expect(promise, name).toMatch(/\w/);
});

for (const subject of SUBJECTS) {
  const ofWindows = /iocp|afd/.test(subject) && process.platform !== "win32";
  const { how, whyNot } = ofWindows
    ? winePlace(`${subject}, of Windows`)
    : { how: "native", whyNot: whyNoSubject(subject) };
  if (whyNot !== undefined) {
    columns.push({ poller: subject, how, whyNot, outcomes: [] });
    test.skip(`${subject}: NOT RUN because ${whyNot}`);
    continue;
  }
  describe(`${subject}, ${how}`, () => {
    let outcomes: Outcome[] = [];
    beforeAll(async () => {
      outcomes = ofWindows
        ? parseOutcomes(await runUnderWine(PROGRAM, [subject]))
        : await outcomesOf([process.execPath, join(built.folder, PROGRAM), subject]);
      columns.push({ poller: subject, how, whyNot, outcomes });
    }, PATIENCE);

    test.each(NAMES)("%s", (name) => {
      const outcome = outcomes.find((one) => one.name === name);
      const { state, reason } = outcome ?? { state: "no answer", reason: undefined };
      expect(state, reason).toMatch(/^(passed|deviates|not run)$/);
    });

    test("at most one case is not run", () => {
      const left = outcomes.filter(({ state }) => state === "not run");
      expect(left.length, JSON.stringify(left)).toBeLessThanOrEqual(1);
    });
  });
}
