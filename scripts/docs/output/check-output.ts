// Runs the command of an output fence, and holds what it prints against the page.
import { spawn } from "node:child_process";
import { ROOT } from "../../../behaviours/steps.ts";
import { Failure } from "../../cli.ts";
import type { Output } from "./parse-output.ts";

/** What a program of a page may take, in milliseconds. */
const LIMIT = 30_000;

/**
 * What the program prints, as it does for `just example`, in a process of its own.
 *
 * @param limit How long it may take, in milliseconds.
 * @throws {Failure} `docs/page.md:12: Cannot run …`, when it fails or does not end in time.
 */
export async function runOutput(output: Output, limit = LIMIT): Promise<string> {
  const { program, command, file, line } = output;
  const args = ["--import", import.meta.resolve("tsx"), program.file];
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", PORT: "0" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, limit);
  const code = await new Promise<number | string>((resolve, reject) => {
    child.on("close", (code, signal) => resolve(code ?? signal ?? 1));
    child.on("error", reject);
  });
  clearTimeout(timer);
  if (code === 0 && errors === "") return printed;
  const problem = late
    ? `it did not end within ${limit / 1000} s`
    : code === 0
      ? "it wrote to its error output"
      : `it ended with ${code}`;
  throw new Failure(
    `${file}:${line}: Cannot run ${command}: ${problem}\n${printed}${errors}`,
  );
}

/**
 * Runs the program and compares.
 *
 * @throws {Failure} `docs/page.md:14: …`, the line of the first difference, when it prints
 * something else than the page says, or as `runOutput` does.
 */
export async function checkOutput(output: Output, limit = LIMIT): Promise<void> {
  const printed = await runOutput(output, limit);
  if (printed === output.text) return;
  const expected = output.text.split("\n");
  const got = printed.split("\n");
  const length = Math.max(expected.length, got.length);
  const index = Array.from({ length }, (_, at) => at).find(
    (at) => expected[at] !== got[at],
  );
  const at = index ?? 0;
  throw new Failure(
    `${output.file}:${output.line + 1 + at}: Cannot confirm what ${output.command} prints: ` +
      `expected ${quote(expected[at])}, got ${quote(got[at])}\nAll of it:\n${printed}`,
  );
}

function quote(line: string | undefined): string {
  return line === undefined ? "the end" : JSON.stringify(line);
}
