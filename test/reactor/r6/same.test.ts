// The machine and the routes of r6 and r7 are those of r5, so the tests of r5 cover them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXAMPLES } from "../../../behaviours/steps.ts";

test.each(["connection.ts", "routes.ts"])("%s is the same as in r5", (file) => {
  const [before, ...after] = ["r5-state-machine", "r6-reactor", "r7-ioserver"].map(
    (slug) =>
      readFileSync(join(EXAMPLES, slug, file), "utf8").replace(`// ${slug}: `, ""),
  );
  expect(after).toEqual([before, before]);
});
