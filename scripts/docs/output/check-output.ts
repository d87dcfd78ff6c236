// Runs the command of an output fence, and holds what it prints against the page.
import { ProcessGroup } from "../../../behaviours/process-group.ts";
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
  // Some start servers, which would outlive them and hold their output.
  const group = new ProcessGroup([process.execPath, ...args], {
    cwd: ROOT,
    env: { NO_COLOR: "1", FORCE_COLOR: "0", PORT: "0" },
    group: true,
  });
  let printed = "";
  let errors = "";
  group.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  group.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    group.kill("SIGKILL");
  }, limit);
  const code = await group.ended;
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
