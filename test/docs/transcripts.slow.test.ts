// The commands of step 18's page that are there with what they print: it is what they print.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../behaviours/steps.ts";

const page = readFileSync(join(ROOT, "docs/18-final.md"), "utf8");
/** Each command, and the lines below it; `…` stands for lines that are left out. */
const SHOWN = [...page.matchAll(/^```text\n(\$ [\s\S]*?)^```$/gm)].flatMap(
  ([, text = ""]) =>
    text.split(/^\$ /m).flatMap((part) => {
      const [command = "", ...lines] = part.trimEnd().split("\n");
      return command === "" ? [] : [{ command, lines }];
    }),
);

test("there are some", () => expect(SHOWN.length).toBeGreaterThan(2));

test.runIf(process.platform !== "win32").each(SHOWN)("$command", ({ command, lines }) => {
  const run = command
    .replace(/^just /, "node scripts/run.mjs ")
    .replace(/\bnode /, `${process.execPath} `);
  const { stdout, stderr } = spawnSync(run, { cwd: ROOT, shell: true, encoding: "utf8" });
  const printed = `${stdout}${stderr}`.trimEnd().split("\n");
  for (const [at, line] of lines.entries()) {
    if (line === "…") {
      const next = lines[at + 1];
      if (next === undefined) return;
      while (printed.length > 0 && printed[0] !== next) printed.shift();
    } else {
      expect(printed.shift()).toBe(line);
    }
  }
  expect(printed).toEqual([]);
});
