// Before all tests: strips the types off the examples, once. Loading tsx takes a tenth of
// a second, and the tests start some six hundred servers. That the examples run as they
// stand, with tsx and without, is tested too: in doors.test.ts, and on newer Nodes.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { TestProject } from "vitest/node";
import { EXAMPLES, ROOT, STEPS } from "../scripts/steps.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of the examples as JavaScript. */
    built: string;
  }
}

export default function setup(project: TestProject): () => void {
  // Inside node_modules: from there the packages that step 18 needs are found.
  const folder = mkdtempSync(join(ROOT, "node_modules/.built-steps-"));
  const require = createRequire(import.meta.url);
  const tsc = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
  const options = {
    outDir: folder,
    rootDir: EXAMPLES,
    target: "es2023",
    module: "nodenext",
    types: "node",
  };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const files = STEPS.map((step) => join(step.folder, "server.ts"));
  const command = [tsc, "--ignoreConfig", "--rewriteRelativeImportExtensions", ...flags];
  execFileSync(process.execPath, [...command, ...files], { cwd: ROOT, stdio: "inherit" });
  for (const { slug, folder: source } of STEPS) {
    const help = join(source, "help.txt");
    if (existsSync(help)) copyFileSync(help, join(folder, slug, "help.txt"));
  }
  project.provide("built", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
