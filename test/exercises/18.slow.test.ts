// The exercises of 18: a louder log, silent clients, and a word in private.
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { EXERCISES_18 } from "../../behaviours/exercises/18.ts";
import { accountOf, Site } from "../abuse/site.ts";
import { holdsAll } from "./solve.ts";

holdsAll(EXERCISES_18);

test("18.2 accounts for every message to a client that is silent and reads slowly", async () => {
  const site = new Site({
    program: join(inject("built"), "18-final/exercises/2-idle.js"),
  });
  onTestFinished(() => site.close());
  const world = await site.start(["--rate", "0", "--max-idle", "2"]);
  const ann = await world.join("ann");
  const bob = await world.join("bob");
  ann.pauses();
  let sent = 0;
  while (sent < 40_000) {
    // A blank line is not said, but she is not silent.
    ann.send("");
    sent += await bob.floods(2_000_000);
  }
  // Bob spoke last: when he gets the goodbye, hers is on its way.
  await bob.sees("You said nothing for 2 seconds, goodbye!");
  ann.resumes();
  const lines = await ann.seesEndSomeTime();
  expect(lines.at(-1)).toBe("You said nothing for 2 seconds, goodbye!");
  const { said, missed } = accountOf(lines, bob);
  expect(missed).toBeGreaterThan(0);
  expect(said + missed).toBe(sent);
});
