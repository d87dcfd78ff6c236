// just test [N]: all tests, or those of one step.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { run } from "./cli.ts";
import { findStep, ROOT } from "./steps.ts";

const USAGE = `
just test [N] [options of vitest]

Runs all tests, or the behaviours of step N.
`;

await run(() => {
  const [name, ...more] = process.argv.slice(2);
  if (name === "--help" || name === "-h") {
    console.log(USAGE.trim());
    return;
  }
  const args = ["run"];
  if (name?.startsWith("-")) args.push(name);
  else if (name) args.push("test/steps.test.ts", "-t", `^${findStep(name).slug} `);
  const vitest = dirname(createRequire(import.meta.url).resolve("vitest/package.json"));
  const { status } = spawnSync(
    process.execPath,
    [join(vitest, "vitest.mjs"), ...args, ...more],
    { cwd: ROOT, stdio: "inherit" },
  );
  return Promise.resolve(status ?? 1);
});
