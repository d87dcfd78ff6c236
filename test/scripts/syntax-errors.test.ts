// A mistake of syntax gets a line of its own, and other errors what Node says of them.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "syntax-errors-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const PRELOAD = new URL("../../scripts/syntax-errors.mjs", import.meta.url).href;
const TSX = import.meta.resolve("tsx");

function runProgram(text: string) {
  const file = join(folder, "program.ts");
  writeFileSync(file, text);
  const args = ["--import", TSX, "--import", PRELOAD, file];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder });
  return { status, stderr: String(stderr) };
}

test("says where it is, and what was expected", () => {
  expect(runProgram("const a = 1;\nconst b = ;\n")).toEqual({
    status: 1,
    stderr: 'Cannot read program.ts:2:10: Unexpected ";"\n',
  });
});

test("leaves other errors alone", () => {
  const { status, stderr } = runProgram('throw new Error("mine");\n');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^Error: mine$[\s\S]*^ +at .*program\.ts:1/m);
});
