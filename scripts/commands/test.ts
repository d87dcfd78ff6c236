// just test [N]: the tests, or those of one step; with --all, the slow ones too.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ALL_STEPS, ROOT } from "../../behaviours/steps.ts";
import { asCalled } from "../caller.ts";
import { printHelp, run } from "../cli.ts";
import { findStep } from "../find-step.ts";
import { runWithSecondTry } from "../second-try.ts";
import { testsOf } from "../tests-of.ts";

const USAGE = `
just test [N] [--all] [options of vitest]

Runs the tests, or those of step N: its behaviours, and for r1 to r9, m1 and m2 all that
there is of it. They need nothing but Node and git.

  just test              all but the slow ones
  just test 6            the behaviours of step 06
  just test 6 -t quit    those with this word in their title
  just test r5           the tests of r5; m1 and m2 have theirs in common
  just test --all        the slow ones too

  -t, --testNamePattern RE  only tests whose title matches
      --all                 runs test/**/*.slow.test.ts too, and what needs a
                            browser, a terminal (tmux), a C compiler, other
                            Nodes or other systems, if they are installed;
                            a few failures are run again alone
  -h, --help                prints this
`;

/** A vitest reporter that fails a run without tests. */
const EMPTY_RUN = join(ROOT, "test/empty-run-reporter.ts");

const NOT_RUN = `
Not run: the slow tests (the solutions of the exercises, what each step adds, step 18 under crowds
and faults, growth, the bench, the bots, the whole site, the library's completions, modes and other
pollers, each behaviour on its own server, megabytes on every step, every error of the kernel, most
wrong options, carrying edits through the steps, other Nodes), and tests that need more than Node: a
browser, a terminal (tmux), a C compiler, a broker, other systems. Run everything: just test --all
`;

await run(() => {
  const typed = process.argv.slice(2);
  if (typed.includes("--help") || typed.includes("-h")) printHelp(USAGE);
  const all = typed.includes("--all");
  const words = typed.filter((word) => word !== "--all");
  const [name, ...more] = words;
  const vitest = dirname(createRequire(import.meta.url).resolve("vitest/package.json"));
  // Vitest prints nothing until it has loaded everything; its output goes below this line.
  if (process.stderr.isTTY) process.stderr.write("starting the tests …");
  const start = (args: readonly string[]) =>
    spawnSync(process.execPath, [join(vitest, "vitest.mjs"), ...args], {
      cwd: ROOT,
      stdio: "inherit",
      env: { ...process.env, ...(all ? { TEST_ALL: "1" } : {}) },
    }).status ?? 1;
  const isStep = name !== undefined && !name.startsWith("-");
  const at = more.findIndex((word) => /^(-t|--testNamePattern)$/.test(word));
  // Vitest takes one pattern: the step's name, then the pattern of the user.
  const [, pattern] = isStep && at >= 0 ? more.splice(at, 2) : [];
  const chosen = isStep
    ? [...testsOf(findStep(name, ALL_STEPS), pattern), ...more]
    : words;
  const second = all && !isStep;
  const options = [...chosen, ...reportersFor(chosen, second)];
  const status = second ? runWithSecondTry(start, options) : start(["run", ...options]);
  if (!all && !isStep) console.log(asCalled(NOT_RUN));
  return Promise.resolve(status);
});

/** The reporters where a pattern may match no test, which vitest does not mind. */
function reportersFor(options: readonly string[], second: boolean): string[] {
  const has = (name: RegExp) => options.some((word) => name.test(word));
  if (!has(/^(-t|--testNamePattern)/) || has(/^--reporter/)) return [];
  const reporters = [EMPTY_RUN, ...(second ? [] : ["default"])];
  return reporters.map((name) => `--reporter=${name}`);
}
