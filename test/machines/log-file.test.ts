// The log in a file, the solution of exercise m1.3.
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { runCommand } from "../run.ts";

test("a server that cannot open its log does not start, and says why", async () => {
  // A folder cannot be appended to.
  const env = { LOG: tmpdir() };
  const { code, stdout, stderr } = await runCommand(["example", "m1.3", "-p", "0"], env);
  expect(stdout).not.toContain("listening");
  expect(stderr).toMatch(/^Cannot open the log: ./m);
  expect(code).toBe(1);
});
