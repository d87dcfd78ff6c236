// Each MUST of the RFCs that concerns us is checked by behaviours that exist.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { HTTP_BEHAVIOURS } from "../../../behaviours/http/all.ts";
import { MUSTS, mustsTable } from "../../../behaviours/http/musts.ts";
import { ROOT } from "../../../behaviours/steps.ts";

const TITLES = new Set(
  Object.values(HTTP_BEHAVIOURS)
    .flat()
    .map(({ title }) => title),
);

test.each(MUSTS)("RFC $section: $says", ({ held }) => {
  expect(held.length).toBeGreaterThan(0);
  for (const title of held) expect(TITLES.has(title), title).toBe(true);
});

test("the page shows the current list", () => {
  const page = readFileSync(join(ROOT, "docs/asides/http-musts.md"), "utf8");
  expect(page).toContain(mustsTable());
});
