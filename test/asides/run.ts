// Runs a program of the asides to its end, and collects what it prints.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../../behaviours/steps.ts";

/** With it the programs run on that Node as they stand, without tsx: 22.18 or newer. */
const NODE = process.env.NODE_UNDER_TEST;

/**
 * Runs `examples/asides/<slug>.ts`.
 *
 * @returns The lines that it prints.
 * @throws When it ends with another code than 0, or says something on its standard error.
 */
export async function runAside(slug: string, ...args: string[]): Promise<string[]> {
  const loader = NODE === undefined ? ["--import", import.meta.resolve("tsx")] : [];
  const { stdout, stderr } = await promisify(execFile)(
    NODE ?? process.execPath,
    [...loader, join(ROOT, "examples/asides", `${slug}.ts`), ...args],
    { env: { ...process.env, NODE_NO_WARNINGS: "1" } },
  );
  if (stderr !== "") throw new Error(`${slug} says on its standard error: ${stderr}`);
  return stdout.trimEnd().split("\n");
}
