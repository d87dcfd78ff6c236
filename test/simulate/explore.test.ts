// Random sessions on the machine: the same seed is the same run, what a step confesses is
// found, and nothing else is.
import { expect, test } from "vitest";
import { addressOf } from "../../scripts/simulate/actors.ts";
import { behave } from "../../scripts/simulate/explore/behave.ts";
import { explore } from "../../scripts/simulate/explore/explore.ts";
import { describeSession } from "../../scripts/simulate/explore/session.ts";
import { shrink } from "../../scripts/simulate/explore/shrink.ts";
import { HAS_LIBRARY } from "./library.ts";
import { MUTANTS, textOf } from "./mutants.ts";

const run = test.runIf(HAS_LIBRARY);

/** All that a seed did, as text. */
async function traceOf(step: number, seed: number): Promise<string> {
  const { accounts, output, turns, virtualMs } = await explore({ step, seed });
  const seen = accounts.map(({ label, seen: lines }) => [label, lines]);
  return JSON.stringify([seen, output, turns, virtualMs]);
}

run("the same seed is the same run, whatever ran before it", async () => {
  const first = await traceOf(18, 4);
  expect(await traceOf(18, 5)).not.toBe(first);
  expect(await traceOf(18, 4)).toBe(first);
});

run.each([1, 2, 3, 4, 5])("seed %i breaks nothing in 18", async (seed) => {
  expect((await explore({ step: 18, seed })).broken).toEqual([]);
  expect(await behave(18, seed)).toEqual([]);
});

/** A seed that finds it, the rule that says it, and the step that fixes it. 16 is slow, which no rule forbids. */
const CONFESSED = [
  [1, 1, "the server keeps running", 2],
  [2, 2, "the server keeps running", 6],
  [3, 35, "a line comes back whole, and once", 4],
  [4, 6, "a line without an end is cut off", 17],
  [5, 2, "every client is served", 6],
  [6, 2, "a line reaches everyone in its room", 8],
  [7, 2, "a line reaches everyone in its room", 8],
  [9, 127, "no two users have the same name", 10],
  [10, 1, "a name is free again when its user is gone", 11],
  [14, 1, "a room disappears with its last user", 15],
  [17, 1, "a mistyped command is not delivered", 18],
] as const;

run.each(CONFESSED)(
  "the defect of %i is found at seed %i: %s",
  async (step, seed, rule, fixed) => {
    const { broken } = await explore({ step, seed });
    expect(broken).toContainEqual(expect.objectContaining({ rule, since: fixed }));
    for (const { since } of broken) expect(since).toBeGreaterThan(step);
  },
);

run("a server that throws before it listens has broken a rule", async () => {
  const address = addressOf("examples/18-final/server.ts");
  const edits = new Map([[address, 'throw new TypeError("on purpose");']]);
  const [first] = (await explore({ step: 18, seed: 1, edits })).broken;
  expect(first).toMatchObject({
    rule: "the server listens",
    how: "it ended: TypeError: on purpose",
  });
});

run("a session that breaks a rule is made short", async () => {
  const leave = MUTANTS.find(({ name }) => name === "a leave without its message");
  if (!leave) throw new Error("there is no such mutant");
  const address = addressOf("examples/18-final/server.ts");
  const question = { step: 18, seed: 2, edits: new Map([[address, textOf(leave)]]) };
  const found = await explore(question);
  expect(found.broken.map(({ rule }) => rule)).toContain(leave.rule);
  const { session, weather } = await shrink(question, found, leave.rule);
  expect(weather.name).toBe("calm");
  expect(describeSession(session)).toEqual([
    "ann: stays",
    expect.stringMatching(/^\w+: \S+$/),
  ]);
});
