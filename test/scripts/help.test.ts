// --help: one form for all commands.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../behaviours/steps.ts";
import { asCalledHelp } from "../../scripts/caller.ts";
import { someOf } from "../requirements.ts";
import { runCommand } from "../run.ts";

const COMMANDS = readdirSync(join(ROOT, "scripts/commands")).map((file) =>
  file.replace(/\.ts$/, ""),
);

test.concurrent.each(someOf(COMMANDS))(
  "just %s --help has the form of all",
  async (name) => {
    const { code, stdout, stderr } = await runCommand([name, "--help"], {
      npm_command: "exec",
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [usage = "", prose = "", examples = "", options = ""] = stdout
      .trimEnd()
      .split("\n\n");
    // One line that says how it is called.
    expect(usage).toMatch(new RegExp(`^npx -y rust-just ${name}( .+)?$`));
    // A sentence that says what it does, or some.
    expect(prose).toMatch(/^[A-Z][\s\S]*\.$/);
    // Examples that can be typed as they stand, and what each does, in a column.
    const calls = examples.split("\n").filter((line) => !/^ {20,}\S/.test(line));
    for (const line of calls) {
      expect(line).toMatch(new RegExp(`^  npx -y rust-just ${name}\\b.*  \\S`));
    }
    expect(new Set(calls.map(columnOfText)).size).toBe(1);
    // Its options, short and long, --help the last of them.
    const flags = options.split("\n").filter((line) => !/^ {10,}\S/.test(line));
    for (const line of flags)
      expect(line).toMatch(/^ {2}(-\w, | {4})--[a-zA-Z-]+\b.* {2}\S/);
    expect(new Set(flags.map(columnOfText)).size).toBe(1);
    expect(flags.at(-1)).toMatch(/^ {2}-h, --help +prints this$/);
    for (const line of stdout.split("\n")) {
      // A call through npx is twelve columns longer than by just.
      expect(line.replace("npx -y rust-", "").length, line).toBeLessThanOrEqual(80);
    }
  },
);

test("the columns of a help text stay in line, however a command is called", () => {
  const text = "just telnet\n\nIt does.\n\n  just telnet       a\n  just telnet 4711  b";
  expect(asCalledHelp(text, "npm run")).toBe(
    "npm run telnet\n\nIt does.\n\n  npm run telnet          a\n  npm run telnet -- 4711  b",
  );
});

test("the prose of a help text is as wide in each form", () => {
  const prose = "It is what just example has started. ".repeat(8).trim();
  for (const form of ["just", "npm run", "npx -y rust-just"] as const) {
    const [, text = ""] = asCalledHelp(`just list\n\n${prose}`, form).split("\n\n");
    const lines = text.split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(Math.min(...lines.slice(0, -1).map((line) => line.length))).toBeGreaterThan(
      60,
    );
  }
});

/** Where the last column of a line begins. */
function columnOfText(line: string): number {
  return line.search(/(?<= {2})\S(?!.* {2}\S)/);
}
