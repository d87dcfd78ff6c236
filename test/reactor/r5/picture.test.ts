// The picture of the states is drawn from the table that the code is tested against.
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../../behaviours/steps.ts";
import { drawStates } from "../../../scripts/docs/states.ts";

// `npx vitest run test/reactor/r5/picture.test.ts -u` redraws it.
test("the picture on the page matches the table", async () => {
  const picture = join(ROOT, "docs/figures/r5-states.svg");
  await expect(drawStates()).toMatchFileSnapshot(picture);
});
