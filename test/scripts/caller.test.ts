// What a person is told to type is in the form in which they called.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ROOT } from "../../behaviours/steps.ts";
import { asCalled, formOfCall } from "../../scripts/caller.ts";
import { Command, runCommand } from "../run.ts";

const withJust = mkdtempSync(join(tmpdir(), "just-"));
const without = mkdtempSync(join(tmpdir(), "no-just-"));
afterAll(() => {
  for (const folder of [withJust, without]) rmSync(folder, { recursive: true });
});
const file = process.platform === "win32" ? "just.exe" : "just";
writeFileSync(join(withJust, file), "");
const PATH = [without, withJust].join(delimiter);

describe("the form of a call", () => {
  test.each([
    ["just, when it is on the path", { PATH }, "just"],
    ["npx without one", { PATH: without }, "npx -y rust-just"],
    ["npx without a path", {}, "npx -y rust-just"],
    ["npx, though it has a just", { PATH, npm_command: "exec" }, "npx -y rust-just"],
    ["npm", { PATH, npm_command: "run-script" }, "npm run"],
    ["npm test", { PATH, npm_command: "test" }, "npm run"],
  ])("is that of %s", (_, env, form) => {
    expect(formOfCall(env)).toBe(form);
  });

  test.each([
    ["Try: just telnet 4711; Ctrl-C", "Try: npm run telnet -- 4711; Ctrl-C"],
    ["Try: just telnet; Ctrl-C", "Try: npm run telnet; Ctrl-C"],
    ["just check N [--addr A]\njust list", "npm run check -- N [--addr A]\nnpm run list"],
    ["just telnet [ADDRESS]", "npm run telnet -- [ADDRESS]"],
    ["just docs        builds", "npm run docs        builds"],
    ["Run: just docs. Then", "Run: npm run docs. Then"],
    ["just compare ./mine.ts 6", "npm run compare -- ./mine.ts 6"],
    ["just test.ts is no command", "just test.ts is no command"],
    ["just a moment, and just testing", "just a moment, and just testing"],
  ])("rewrites %j", (text, expected) => {
    expect(asCalled(text, "npm run")).toBe(expected);
    expect(asCalled(text, "just")).toBe(text);
    expect(asCalled("just bench 16 17", "npx -y rust-just")).toBe(
      "npx -y rust-just bench 16 17",
    );
  });
});

describe.concurrent("a command", () => {
  const forms = [
    { name: "just", env: { PATH, npm_command: "" } },
    { name: "npx -y rust-just", env: { npm_command: "exec" } },
    { name: "npm run", env: { npm_command: "run-script" } },
  ];
  // An empty value is one that npm does not give: it stands for "not set" here.
  test.each(forms)("called by $name says so everywhere", async ({ name, env }) => {
    const space = name === "npm run" ? " -- " : " ";
    const example = new Command(["example", "1", "--port", "0"], env);
    await example.prints(
      new RegExp(`^connect from another terminal: ${name} telnet${space}\\d+;`, "m"),
    );
    await example.end();
    const telnet = await runCommand(["telnet", "1"], env);
    expect(telnet.stderr).toContain(`such as: ${name} example${space}6\n`);
    const help = await runCommand(["telnet", "--help"], env);
    expect(help.stdout).toContain(`${name} telnet${space}[ADDRESS]`);
  });
});

test("every recipe takes words: without, it would not take --help", () => {
  const justfile = readFileSync(join(ROOT, "justfile"), "utf8");
  const recipes = [...justfile.matchAll(/^([a-z-]+) \*\w+:$/gm)].map(([, name]) => name);
  const commands = readdirSync(join(ROOT, "scripts/commands"));
  expect(recipes.map((name) => `${name}.ts`).sort()).toEqual(commands.sort());
});
