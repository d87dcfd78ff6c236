// Runs a program of the asides to its end, and collects its output.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { inject } from "vitest";
import { EXAMPLES } from "../../behaviours/steps.ts";

/** A Node, 22.18 or newer, that runs the TypeScript files directly. */
const NODE = process.env.NODE_UNDER_TEST;

/**
 * Runs `examples/asides/<slug>.ts`, compiled to JavaScript unless NODE_UNDER_TEST is set.
 *
 * @returns The lines that it prints.
 * @throws When its exit code is not 0, or it writes to standard error.
 */
export async function runAside(slug: string, ...args: string[]): Promise<string[]> {
  const program = NODE
    ? join(EXAMPLES, "asides", `${slug}.ts`)
    : join(inject("built"), "asides", `${slug}.js`);
  const { stdout, stderr } = await promisify(execFile)(
    NODE ?? process.execPath,
    [program, ...args],
    { env: { ...process.env, NODE_NO_WARNINGS: "1" } },
  );
  if (stderr !== "") throw new Error(`${slug} wrote to standard error: ${stderr}`);
  return stdout.trimEnd().split("\n");
}
