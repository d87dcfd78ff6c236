// A defect counts as cured only when the server did all that comes before it, and then showed
// what a server without the defect shows.
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { Cured } from "../../behaviours/client.ts";
import { hold, holdAlone } from "../../behaviours/hold.ts";
import { STEPS } from "../../behaviours/steps.ts";
import { BEHAVIOURS } from "../../behaviours/table.ts";
import { hangsUp, mute, parrot, serving, strange } from "./bad-servers.ts";

const DEFECTS = BEHAVIOURS.filter(({ defect }) => defect);

describe.concurrent("the step after its last has cured the defect", () => {
  test.each(DEFECTS)("$title", async (behaviour) => {
    const step = behaviour.to + 1;
    const slug = STEPS[behaviour.to]?.slug ?? "";
    const command = [process.execPath, join(inject("built"), slug, "server.js")];
    const start = { command };
    const { unmet, transcript } = await holdAlone(behaviour, {
      step,
      patience: 15_000,
      start,
    });
    expect(unmet, transcript.slice(-30).join("\n")).toBeInstanceOf(Cured);
  });
});

describe.concurrent("a server that does nothing of it has cured no defect", () => {
  test.each(Object.entries({ mute, strange, parrot, hangsUp }))(
    "%s",
    async (_, serve) => {
      await serving(serve, async (server) => {
        for (const behaviour of DEFECTS) {
          const step = behaviour.from;
          const { unmet } = await hold(behaviour, { server, step, patience: 50 });
          expect(unmet?.message, behaviour.title).toBeDefined();
          expect(unmet, behaviour.title).not.toBeInstanceOf(Cured);
        }
      });
    },
  );
});
