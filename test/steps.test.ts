// Every behaviour against every step of its range, each in a process of its own.
import { describe, expect, test } from "vitest";
import { STEPS } from "../scripts/steps.ts";
import { behavioursOf } from "./behaviours/all.ts";
import { commandOf, holdAlone } from "./behaviours/hold.ts";

/** Far more than anything takes: only what fails waits so long. */
const PATIENCE = 15_000;

for (const { number: step, slug, folder } of STEPS) {
  describe.concurrent(slug, () => {
    for (const behaviour of behavioursOf(step)) {
      test(behaviour.title, async () => {
        const start = { command: commandOf(folder) };
        const outcome = await holdAlone(behaviour, { step, patience: PATIENCE, start });
        expect(outcome.unmet, report(outcome.transcript, outcome.output)).toBeUndefined();
      });
    }
  });
}

function report(transcript: readonly string[], output: string): string {
  return `${transcript.slice(-30).join("\n")}\n${output}`;
}
