// just test [N]: the tests, or those of one step; with --all, the slow ones too.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ROOT } from "../../behaviours/steps.ts";
import { asCalled } from "../caller.ts";
import { run } from "../cli.ts";
import { findStep } from "../find-step.ts";

const USAGE = `
just test [N] [--all] [options of vitest]

Runs the tests, or the behaviours of step N. They need nothing but Node and git.

  --all   runs the slow ones too, test/**/*.slow.test.ts, and those that need a browser, a
          terminal (tmux), a C compiler, other Nodes or other systems, as far as they are here
`;

const NOT_RUN = `
Not run: the slow tests (growth, the bench, the bots, the whole site, the library's completions
and modes, each behaviour on a server of its own, other Nodes), and what needs more than Node: a
browser, a terminal (tmux), a C compiler, other systems. All of it: just test --all
`;

await run(() => {
  const words = process.argv.slice(2);
  const ours = (word: string) => word === "--all";
  const all = words.some(ours);
  const [name, ...more] = words.filter((word) => !ours(word));
  if (name === "--help" || name === "-h") {
    console.log(asCalled(USAGE.trim()));
    return;
  }
  const args = ["run"];
  if (name?.startsWith("-")) args.push(name);
  else if (name) args.push("test/steps.test.ts", "-t", `^${findStep(name).slug} `);
  const vitest = dirname(createRequire(import.meta.url).resolve("vitest/package.json"));
  const { status } = spawnSync(
    process.execPath,
    [join(vitest, "vitest.mjs"), ...args, ...more],
    {
      cwd: ROOT,
      stdio: "inherit",
      env: { ...process.env, ...(all ? { TEST_ALL: "1" } : {}) },
    },
  );
  if (!all && !name?.match(/^[^-]/)) console.log(asCalled(NOT_RUN));
  return Promise.resolve(status ?? 1);
});
