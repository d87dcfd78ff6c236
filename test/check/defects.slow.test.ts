// What the checker makes of servers that fall short. A defect counts as cured only when the
// server did all that comes before it, and then showed what a server without the defect shows.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, inject, test } from "vitest";
import { Cured } from "../../behaviours/client.ts";
import { hold, holdAlone } from "../../behaviours/hold.ts";
import { STEPS } from "../../behaviours/steps.ts";
import { BEHAVIOURS } from "../../behaviours/table.ts";
import { holdAll } from "../../scripts/check/hold-all.ts";
import type { Result } from "../../scripts/check/result.ts";
import { targetOf } from "../../scripts/check/target.ts";
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

/** The server of step 18, perhaps behind a file of its own. */
const heldFor = async (title: string, file: string, patience: number) => {
  const behaviours = BEHAVIOURS.filter((behaviour) => behaviour.title === title);
  const results: Result[] = [];
  const onResult = (result: Result) => results.push(result) < 0;
  await holdAll(behaviours, { target: targetOf({ file }), step: 18, patience, onResult });
  return results;
};

describe.concurrent("a server that limits how much clients may say", () => {
  const THOUSANDS = "delivers thousands of lines from one write to all";
  const server = join(inject("built"), "18-final", "server.js");

  test("is started with that limit off where they say more", async ({ expect }) => {
    const results = await heldFor(THOUSANDS, server, 15_000);
    expect(results.map(({ verdict }) => verdict)).toEqual(["holds"]);
  });

  test("is started without flags if it refuses them, and the wait has an end", async ({
    expect,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), "refuses-"));
    const file = join(folder, "mine.mjs");
    writeFileSync(
      file,
      `if (process.argv.length > 2) throw new Error("an unknown flag");
      await import(${JSON.stringify(pathToFileURL(server))});`,
    );
    const [result] = await heldFor(THOUSANDS, file, 3000);
    rmSync(folder, { recursive: true });
    expect(result?.verdict).toBe("fails");
    expect(result?.outcome?.unmet?.expected).toMatch(/3000 lines within 15 s.*limit/);
  });
});
