// The page of a source file: each line of a step links to its explanation.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT, STEPS } from "../../behaviours/steps.ts";
import type { Site } from "../../scripts/docs/site/site.ts";
import { sourceFile } from "../../scripts/docs/site/source.ts";
import { originsOf } from "../../scripts/why/origin.ts";

const site: Site = {
  pages: [],
  facts: [],
  reactor: [],
  machines: [],
  repository: undefined,
  url: undefined,
  playground: undefined,
  assets: {
    "theme.css": "theme.css",
    "home.css": "home.css",
    "wide.css": "wide.css",
    "forced.css": "forced.css",
    "print.css": "print.css",
    "site.js": "site.js",
    "tools.js": "tools.js",
    "extras.js": "extras.js",
  },
};
const pageOf = (file: string) => {
  const lines = readFileSync(join(ROOT, file), "utf8").split("\n").slice(0, -1);
  return sourceFile(
    site,
    file,
    lines.map(() => "code"),
  );
};

test("a line of a step names the step in which it first appears, and links to its page", () => {
  const step = STEPS[14];
  if (!step) throw new Error("no step 15");
  const rows = pageOf(`examples/${step.slug}/server.ts`).match(/^.*id="L\d+".*$/gm) ?? [];
  expect(rows.length).toBeGreaterThan(100);
  for (const row of rows) {
    const number = Number(/id="L(\d+)"/.exec(row)?.[1]);
    const origin = originsOf(step).get(number);
    const [, href, came] = /<a class="came" href="([^"]+)" [^>]*>(\w+)</.exec(row) ?? [];
    if (!/\w/.test(origin?.text ?? "")) expect(came, row).toBeUndefined();
    else {
      expect(came, row).toBe(origin?.step.slug.slice(0, 2));
      expect(href, row).toMatch(
        new RegExp(`^\\.\\./\\.\\./\\.\\./${origin?.step.slug}\\.html`),
      );
    }
  }
});

test("a file that is no step has no such links", () => {
  expect(pageOf("examples/shared/select.ts")).not.toContain("came");
});
