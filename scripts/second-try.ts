// The second try of the whole run. Among twenty thousand tests that share a machine one may fail
// for lack of time alone: as CPython's regrtest does, what failed runs again by itself.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { ROOT } from "../behaviours/steps.ts";

/** When more files than these fail, the reason is not chance. */
const MOST = 5;
/** With this vitest ends when tests have failed. Any other code is another matter. */
const FAILED = 1;
/** A reporter of vitest, which writes `Failures`. */
const REPORTER = join(ROOT, "test/failure-reporter.ts");

/** What of a run has failed. */
export interface Failures {
  /** Of each file its path, and its tests that failed: none when the file itself did. */
  readonly files: readonly { readonly file: string; readonly tests: readonly string[] }[];
  /** Errors outside of any test: nobody knows which file to run again. */
  readonly errors: number;
}

/** Runs vitest with these arguments. @returns its exit code. */
type Vitest = (args: readonly string[]) => number;

/**
 * Runs all tests, and those files again, alone, of which some test failed: if they are few. It
 * says loudly which failed only among others.
 *
 * @param options Of vitest.
 * @returns 0 when nothing failed, or all that failed held alone; else vitest's exit code.
 */
export function runWithSecondTry(vitest: Vitest, options: readonly string[]): number {
  const first = runOnce(vitest, options);
  const { files, errors } = first.failures;
  if (first.status !== FAILED || errors > 0) return first.status;
  if (files.length === 0 || files.length > MOST) return first.status;
  console.log(listOf("Failed among others, and runs again alone", namesIn(files)));
  const again = files.map(({ file }) => file);
  const second = runOnce(vitest, [...again, ...options, "--no-file-parallelism"]);
  const twice = namesIn(second.failures.files);
  const once = namesIn(files).filter((name) => !twice.includes(name));
  console.log(listOf("Failed among others, held alone", once));
  console.log(listOf("Failed alone, too", twice));
  return second.status;
}

function runOnce(vitest: Vitest, args: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "failed-tests-"));
  const report = join(folder, "failed.json");
  const reporters = ["default", REPORTER].map((name) => `--reporter=${name}`);
  try {
    const status = vitest(["run", ...args, ...reporters, `--outputFile=${report}`]);
    const failures: Failures = existsSync(report)
      ? JSON.parse(readFileSync(report, "utf8"))
      : { files: [], errors: 1 };
    return { status, failures };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each test with its file. */
function namesIn(files: Failures["files"]): string[] {
  return files.flatMap(({ file, tests }) => {
    const name = relative(ROOT, file);
    return tests.length > 0 ? tests.map((test) => `${name}: ${test}`) : [name];
  });
}

function listOf(title: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  return [`\n*** ${title}:`, ...names.map((name) => `***   ${name}`)].join("\n");
}
