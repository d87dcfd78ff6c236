// The second try of just test --all: what fails only once holds, and what fails twice does not.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCommand } from "../run.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "second-try-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const HOLDS = `test("holds", () => {});`;
const FAILS = `test("fails always", () => { throw new Error("always"); });`;
/** Fails unless its folder is there, which it makes. */
const FAILS_ONCE = `import { mkdirSync } from "node:fs";
  test("fails once", () => {
    if (mkdirSync(new URL("seen", import.meta.url), { recursive: true })) throw new Error("once");
  });`;
/** An error that belongs to no test. */
const STRAY = `test("leaves", () => { setImmediate(() => { throw new Error("stray"); }); });`;

/** Runs tests of these texts, each in a file of its own. */
function runTests(texts: readonly string[], ...flags: string[]) {
  for (const [number, text] of texts.entries()) {
    const own = join(folder, `${number}`);
    mkdirSync(own);
    writeFileSync(join(own, `${number}.test.js`), text);
  }
  // Without colours the summary can be read.
  const env = { NO_COLOR: "1", FORCE_COLOR: "" };
  return runCommand(["test", ...flags, "--globals", "--root", folder], env);
}

test("what failed among others and holds alone is named, and the run succeeds", async () => {
  const { code, stdout } = await runTests([HOLDS, FAILS_ONCE], "--all");
  expect(stdout).toMatch(/^ +Tests +1 failed \| 1 passed \(2\)$/m);
  expect(stdout).toMatch(/again alone:\n\*{3} {3}\S+1\.test\.js: fails once\n/);
  expect(stdout).toMatch(/^ +Tests +1 passed \(1\)$/m);
  expect(stdout).toMatch(
    /^\*{3} Failed among others, held alone:\n\*{3} {3}\S+1\.test\.js: fails once$/m,
  );
  expect(code).toBe(0);
});

test("what fails alone too fails the run", async () => {
  const { code, stdout } = await runTests([FAILS, FAILS_ONCE, HOLDS], "--all");
  const [, held, failed] = stdout.split(/^\*{3} Failed a.*:$/m).slice(1);
  expect(held).toMatch(/^\n\*{3} {3}\S+1\.test\.js: fails once\n+$/);
  expect(failed).toMatch(/^\n\*{3} {3}\S+0\.test\.js: fails always\n$/);
  expect(code).toBe(1);
});

test.each([
  ["of six files", Array.from({ length: 6 }, () => FAILS_ONCE), ["--all"]],
  ["beside an error of no test", [FAILS_ONCE, STRAY], ["--all"]],
  ["without --all", [FAILS_ONCE], []],
])("nothing runs again when tests fail %s", async (_, texts, flags) => {
  const { code, stdout } = await runTests(texts, ...flags);
  expect(stdout).toContain("fails once");
  expect(stdout).not.toContain("***");
  expect(code).toBe(1);
});
