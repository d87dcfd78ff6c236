// Every step brings something: the step before it fails a behaviour that it adds.
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { holdAlone, type Outcome } from "../behaviours/hold.ts";
import { STEPS } from "../behaviours/steps.ts";
import { BEHAVIOURS } from "../behaviours/table.ts";

/** Where silence is the failure, it is as long as this. */
const PATIENCE = 1_000;

describe.concurrent("a step falls short of the next", () => {
  for (const [index, { number: step, slug }] of STEPS.slice(1).entries()) {
    const before = STEPS[index]?.slug ?? "";
    test(`${before} of ${slug}`, async () => {
      const command = [process.execPath, join(inject("built"), before, "server.js")];
      let outcome: Outcome | undefined;
      for (const behaviour of BEHAVIOURS) {
        if (behaviour.from !== step || behaviour.defect) continue;
        const start = { command };
        outcome = await holdAlone(behaviour, { step, patience: PATIENCE, start });
        if (outcome.unmet) break;
      }
      expect(outcome?.unmet?.message).toMatch(/^expected .*, got /s);
    });
  }
});
