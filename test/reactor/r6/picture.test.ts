// The picture of an event's path is drawn from a run.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { ROOT } from "../../../behaviours/steps.ts";
import { drawEventWay } from "../../../scripts/docs/event-way.ts";

// `npx vitest run test/reactor/r6/picture.test.ts -u` redraws it.
test.runIf(process.platform !== "win32")("the picture shows a run of today", async () => {
  const program = join(inject("built"), "asides/event-way.js");
  const text = execFileSync(process.execPath, [program], {
    encoding: "utf8",
    timeout: 60_000,
  });
  const picture = join(ROOT, "docs/figures/r6-way.svg");
  await expect(drawEventWay(text)).toMatchFileSnapshot(picture);
});
