// The attacks as they are called, against step 18 and against 17, and the soak.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { ATTACKS } from "../../scripts/attack/attacks.ts";
import { soak, trendsOf } from "../../scripts/attack/soak.ts";
import { soakReport } from "../../scripts/attack/soak-report.ts";
import { runCommand } from "../run.ts";

const attack = (step: number | string, name: string) =>
  runCommand(["attack", `${step}`, name]);
const isLinux = process.platform === "linux";

describe("just attack 18", () => {
  test.each(ATTACKS)(
    "$name: the server lives, and nothing steers a terminal",
    async ({ name }) => {
      const { code, stdout } = await attack(18, name);
      expect(stdout).toMatch(/^ {2}the server +is alive$/m);
      expect(stdout).toMatch(/lines of others, 0 of them unsafe$/m);
      expect(stdout).not.toMatch(/not back|none of its words/);
      expect(code).toBe(0);
    },
  );
});

// What holds the line in 18 is written again in r9, from a socket's bytes up.
test.each([
  ["r9", "flood", /^ {2}its log +.*(\n.*)*\d × flood$/m],
  ["r9", "deaf", /20 of 20 deaf clients were closed by the server/],
  ["m1", "names", /^ +the attack +0 of 8 names given$/m],
])("just attack %s %s", async (step, name, report) => {
  const { code, stdout } = await attack(step, name);
  expect(stdout).toMatch(report);
  expect(stdout).toMatch(/lines of others, 0 of them unsafe$/m);
  expect(code).toBe(0);
});

describe("just attack 17", () => {
  test.each([
    ["escapes", /, [1-9]\d* of them unsafe$/m],
    ["names", /^ +the attack +[1-9] of 8 names given:$/m],
    ["browser", /0 of 2 were closed by the server/],
  ])("%s: shows what 18 has closed", async (name, report) => {
    expect((await attack(17, name)).stdout).toMatch(report);
  });
});

test("just attack 18e escapes, and 18f: a rung closes its hole", async () => {
  expect((await attack("18e", "escapes")).stdout).toMatch(/, [1-9]\d* of them unsafe$/m);
  expect((await attack("18f", "escapes")).stdout).toMatch(/, 0 of them unsafe$/m);
});

describe.runIf(isLinux)("a soak", () => {
  test("says first how long it takes, also into a pipe", async () => {
    const words = "18 soak --for 2 --clients 5".split(" ");
    const { stderr, stdout } = await runCommand(["attack", ...words]);
    expect(stderr).toMatch(/^18-final: 5 clients come and go, for 2 s$/m);
    expect(stdout).toMatch(/^18-final: 5 clients, 600 % of them replaced/m);
  });

  const program = (name: string) => join(inject("built"), "18-final", name);
  const load = { clients: 200, churn: 3_000 };

  test("of 18 for two minutes: nothing grows", { timeout: 300_000 }, async () => {
    const options = { ...load, seconds: 120 };
    const file = [program("server.js"), "--rate", "0"];
    const soaked = await soak({ ...options, file });
    const trends = trendsOf(soaked);
    const report = soakReport("18-final", options, soaked, trends);
    console.log(report);
    expect(
      trends.filter(({ grows }) => grows),
      report,
    ).toEqual([]);
  });

  test("of one that forgets nobody: the heap grows", { timeout: 120_000 }, async () => {
    const source = readFileSync(program("server.js"), "utf8");
    const forgets = "=> users.delete(user)";
    expect(source).toContain(forgets);
    const file = program("forgets-nobody.js");
    writeFileSync(file, source.replace(forgets, "=> user"));
    const soaked = await soak({ ...load, seconds: 20, file: [file, "--rate", "0"] });
    const growing = trendsOf(soaked).filter(({ grows }) => grows);
    expect(growing.map(({ what }) => what)).toContain("heap");
  });
});
