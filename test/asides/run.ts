// Runs a program of the asides to its end, and collects what it prints.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { inject } from "vitest";
import { EXAMPLES } from "../../behaviours/steps.ts";

/** With it the programs run on that Node as they stand: 22.18 or newer. */
const NODE = process.env.NODE_UNDER_TEST;

/**
 * Runs `examples/asides/<slug>.ts`, as JavaScript: the pages run the asides as they stand.
 *
 * @returns The lines that it prints.
 * @throws When it ends with another code than 0, or says something on its standard error.
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
  if (stderr !== "") throw new Error(`${slug} says on its standard error: ${stderr}`);
  return stdout.trimEnd().split("\n");
}
