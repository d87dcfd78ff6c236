// The page "How it is tested" shows what the command prints.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../behaviours/steps.ts";
import { findingOf } from "../../scripts/simulate/explore/finding.ts";
import { findingText } from "../../scripts/simulate/explore/summary.ts";
import { HAS_LIBRARY } from "./library.ts";
import { CASES } from "./sockets.ts";

const page = readFileSync(join(ROOT, "docs/asides/simulation.md"), "utf8");

test.runIf(HAS_LIBRARY)("shows the finding of one seed as it is", async () => {
  const [, step = "", seed = ""] = /^just simulate (\d+) --seed (\d+)$/m.exec(page) ?? [];
  const rule = "a name is free again when its user is gone";
  const finding = await findingOf({ step: Number(step), seed: Number(seed) }, rule);
  const text = findingText("10-rename", Number(step), finding);
  const again = `again: just simulate ${step} --seed ${seed}`;
  expect(page).toContain(`\`\`\`text\n${text}\n\n${again}\n\`\`\`\n`);
});

test.runIf(HAS_LIBRARY)("shows a long line cut", async () => {
  const rule = "a line without an end is cut off";
  const { accounts } = await findingOf({ step: 10, seed: 6 }, rule);
  expect(accounts).toContainEqual(
    expect.stringMatching(/: x{42}… \(100018 characters\)$/),
  );
});

test("counts the cases that run on real sockets and on the machine", () => {
  expect(page).toContain(`The same ${CASES.length} cases run on real sockets`);
});
