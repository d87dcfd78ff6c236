// The page about the path of a byte shows the stations of a current run.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { ROOT } from "../../../behaviours/steps.ts";

const PAGE = readFileSync(join(ROOT, "docs/asides/byte-way.md"), "utf8");
/** The stations in our server as the page shows them: file and function, no class. */
const SHOWN = stationsIn(PAGE, /^\[\w+\]\(\S+?examples\/(\S+\.ts) "code: (\S+)"\)$/gm);

function stationsIn(text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), ([, file = "", name = ""]) => {
    return `${file} ${name.replace(/^.*[.#]/, "")}`;
  });
}

test.runIf(process.platform !== "win32")("a byte comes by all that is shown", () => {
  const program = join(inject("built"), "asides/byte-way.js");
  // Bob gets the first name, AbleAardvark, which precedes Ann in the list of users.
  const first = "data:text/javascript,Math.random = () => 0";
  const args = ["--import", first, program];
  const run = execFileSync(process.execPath, args, { encoding: "utf8", timeout: 60_000 });
  const passed = new Set(stationsIn(run, /^ {2}(\S+) +(\S+)$/gm));
  expect(SHOWN.length).toBeGreaterThan(6);
  expect(SHOWN.filter((one) => !passed.has(one))).toEqual([]);
});
