// The second try of a full run. Among twenty thousand tests on one machine, one may fail only for
// lack of CPU time. So failed tests run again alone, as in CPython's regrtest.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { ROOT } from "../behaviours/steps.ts";

/** When more files than this fail, the reason is not chance. */
const MOST = 5;
/** Vitest's exit code when tests have failed. Any other code has another reason. */
const FAILED = 1;
/** A vitest reporter that writes `Failures`. */
const REPORTER = join(ROOT, "test/failure-reporter.ts");

/** What failed in a run. */
export interface Failures {
  /** The path of each file, and its failed tests: none when the file itself failed. */
  readonly files: readonly { readonly file: string; readonly tests: readonly string[] }[];
  /** Errors outside any test, for which it is unknown which file to run again. */
  readonly errors: number;
}

/** Runs vitest with these arguments. @returns Its exit code. */
type Vitest = (args: readonly string[]) => number;

/**
 * Runs all tests. If only a few files have failures, it runs those again, alone, and prints which
 * tests failed only among others.
 *
 * @param options Options of vitest.
 * @returns 0 when nothing failed, or everything passed the second time; else vitest's exit code.
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
