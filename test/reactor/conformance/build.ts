// The cases as plain JavaScript, with what they need, in a folder of their own: for machines
// and threads that know no TypeScript.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** What was built: `node run POLLER` runs the cases. */
export interface Built {
  readonly folder: string;
  readonly run: string;
  remove(): void;
}

/** Strips the types off. Inside of node_modules: from there koffi is found. */
export function buildCases(into?: string): Built {
  const folder = into ?? mkdtempSync(join(ROOT, "node_modules/.built-cases-"));
  const require = createRequire(import.meta.url);
  const tsc = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
  const options = {
    outDir: folder,
    rootDir: ROOT,
    target: "es2023",
    module: "nodenext",
    types: "node",
  };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const switches = ["--ignoreConfig", "--rewriteRelativeImportExtensions", "--noCheck"];
  const here = join(ROOT, "test/reactor/conformance");
  const programs = ["run.ts", "partner-thread.ts", "../proactor/run.ts"];
  const files = programs.map((file) => join(here, file));
  const command = [tsc, ...switches, ...flags, ...files];
  execFileSync(process.execPath, command, { cwd: ROOT, stdio: "inherit" });
  return {
    folder,
    run: join(folder, "test/reactor/conformance/run.js"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
