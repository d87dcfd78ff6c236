// Every behaviour against every step of its range, each in a process of its own.
//
// With NODE_UNDER_TEST=/path/to/node the steps run on that Node, and as they stand: it
// must be one that strips types itself, 22.18 or newer.
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { STEPS } from "../scripts/steps.ts";
import { behavioursOf } from "./behaviours/all.ts";
import { holdAlone } from "./behaviours/hold.ts";

/** Far more than anything takes: only what fails waits so long. */
const PATIENCE = 15_000;
const NODE = process.env.NODE_UNDER_TEST;

for (const { number: step, slug, folder } of STEPS) {
  const command = NODE
    ? [NODE, join(folder, "server.ts")]
    : [process.execPath, join(inject("built"), slug, "server.js")];

  describe.concurrent(slug, () => {
    for (const behaviour of behavioursOf(step)) {
      test(behaviour.title, async () => {
        const outcome = await holdAlone(behaviour, {
          step,
          patience: PATIENCE,
          start: { command },
        });
        const { unmet, transcript, output } = outcome;
        const report = [...transcript.slice(-30), output].join("\n");
        expect(unmet, report).toBeUndefined();
      });
    }
  });
}
