// Each rule of step 18 broken in one place: one of the tests that hold the rule must notice. They
// must also all hold without a change, with the same patience: else they would notice nothing.
import { availableParallelism } from "node:os";
import { describe, expect, test } from "vitest";
import { holdTitle } from "./hold-title.ts";
import { mutant } from "./mutant.ts";
import { RULES } from "./rules.ts";

const PATIENCE = 6_000;
const isLinux = process.platform === "linux";
const MUTATIONS = RULES.flatMap(({ says, held, broken = [] }) =>
  broken.map((mutation) => ({ says, held, mutation, change: changeOf(mutation) })),
);

function changeOf({ from, to }: { from: string; to: string }): string {
  return `${from} → ${to || "nothing"}`.replace(/\s+/g, " ");
}

/** Does it for all, as many at a time as there are cores. */
async function forAll<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = items[Symbol.iterator]();
  const workers = Array.from({ length: availableParallelism() }, async () => {
    for (const item of rest) await work(item);
  });
  await Promise.all(workers);
}

describe.runIf(isLinux)("a change that breaks a rule", { timeout: 900_000 }, () => {
  test("is noticed by one of its tests", async () => {
    const noticed: string[] = [];
    const unnoticed: string[] = [];
    await forAll(MUTATIONS, async ({ says, held, mutation, change }) => {
      const program = mutant(mutation);
      for (const title of held) {
        const reason = await holdTitle(title, { program, patience: PATIENCE });
        if (reason === undefined) continue;
        noticed.push(`${change}\n    by: ${title}\n    ${reason.split("\n")[0]}`);
        return;
      }
      unnoticed.push(`${says}: ${change}`);
    });
    console.log(
      `${noticed.length} of ${MUTATIONS.length} noticed:\n${noticed.join("\n")}`,
    );
    expect(unnoticed).toEqual([]);
    expect(noticed.length).toBeGreaterThanOrEqual(40);
  });

  test("is not seen where nothing was changed", async () => {
    const program = mutant();
    const titles = new Set(MUTATIONS.flatMap(({ held }) => held));
    const failing: string[] = [];
    await forAll([...titles], async (title) => {
      const reason = await holdTitle(title, { program, patience: PATIENCE });
      if (reason !== undefined) failing.push(`${title}: ${reason}`);
    });
    expect(failing).toEqual([]);
  });
});
