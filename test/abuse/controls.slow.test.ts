// The suite itself under test: what step 18 stands up to, step 17 must not, nor a server of the
// kind that inspired the book. What they do stand up to is listed here.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { BEHAVIOURS } from "../../behaviours/table.ts";
import { CASES } from "./cases.ts";
import { holdTitle } from "./hold-title.ts";

const PATIENCE = 5_000;
const isLinux = process.platform === "linux";
/** All that step 18 has brought, but the crowds: a flag they need is a flag that these have not. */
const TITLES = [
  ...BEHAVIOURS.filter(({ from }) => from === 18),
  ...CASES.filter(({ slow }) => !slow),
].map(({ title }) => title);

/** What none of the two does wrong, because it is no attack, or the system's doing. */
const HARMLESS = [
  "accepts constructor as a name and as a room",
  "announces no change to the name that a user has",
  "closes a client that has left and keeps its side open",
  "does not count the addresses of this machine without a flag",
  "does not deliver a line that a reset cuts off",
  "goes on without descriptors, and takes clients again later",
  // Both wait until the system has taken an answer before they read the next line.
  "keeps a bounded queue of answers, and none of them is lost",
  "keeps joiners, direction marks and flags",
  "leaves the port free at once after kill -9",
  "says what a flooder had sent before it finished",
];
/** The limits that the original has too. */
const ORIGINAL = [
  "accepts messages of up to 400 characters",
  "answers the lines behind a message that is too long",
  "does not broadcast an unknown command",
  "refuses an invalid name",
  "refuses an invalid room name",
];

/** The titles of those that hold. */
async function holdAll(program: string, step: number): Promise<string[]> {
  const holding: string[] = [];
  const rest = TITLES[Symbol.iterator]();
  const workers = Array.from({ length: availableParallelism() }, async () => {
    for (const title of rest) {
      const reason = await holdTitle(title, { program, step, patience: PATIENCE });
      if (reason === undefined) holding.push(title);
    }
  });
  await Promise.all(workers);
  console.log(`${program}: ${holding.length} of ${TITLES.length} hold`);
  return holding;
}

describe.runIf(isLinux)("the suite", { timeout: 600_000 }, () => {
  test("fails against step 17, where it should", async () => {
    const program = join(inject("built"), "17-performance/server.js");
    expect(HARMLESS).toEqual(expect.arrayContaining(await holdAll(program, 17)));
  });

  test("fails against a server of the kind that inspired the book", async () => {
    const program = join(import.meta.dirname, "original.mjs");
    const held = await holdAll(program, 16);
    expect([...HARMLESS, ...ORIGINAL]).toEqual(expect.arrayContaining(held));
  });
});
