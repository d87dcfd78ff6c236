// just ok: everything to check before a commit: format, lint, types, tests, docs.
import { spawnSync } from "node:child_process";
import { ROOT } from "../../behaviours/steps.ts";
import { Failure, readOptions, run } from "../cli.ts";

const CHECKS = [
  { name: "format and lint", command: "npx biome ci --error-on-warnings ." },
  { name: "types", command: "npx tsc" },
  { name: "tests", command: "node scripts/run.mjs test" },
  { name: "docs", command: "node scripts/run.mjs docs check" },
];

const USAGE = `
just ok

Checks everything before a commit: format, lint, types, tests, docs.

  just ok  takes some minutes

  -h, --help  prints this
`;

await run(() => {
  readOptions(USAGE, {});
  for (const { name, command } of CHECKS) {
    console.log(`\n${name}: ${command}`);
    const { status } = spawnSync(command, { cwd: ROOT, shell: true, stdio: "inherit" });
    if (status !== 0) throw new Failure(`\nNot ok: ${name}`);
  }
  console.log("\nok");
  return undefined;
});
