// Builds programs of the tests as plain JavaScript, with their imports, in a new folder:
// for machines and threads that cannot run TypeScript.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** The result of a build. */
export interface Built {
  readonly folder: string;
  /** The first program. */
  readonly run: string;
  remove(): void;
}

/** Builds the cases: `node run POLLER` runs them. */
export function buildCases(into?: string): Built {
  const folder = "test/reactor/conformance";
  const programs = [
    `${folder}/run.ts`,
    `${folder}/partner-thread.ts`,
    "test/reactor/proactor/run.ts",
  ];
  return buildPrograms(programs, into);
}

/**
 * Strips the types. The folder is inside node_modules, so that koffi is found.
 *
 * @param programs Paths from the root of the repository.
 */
export function buildPrograms(programs: readonly string[], into?: string): Built {
  const folder = into ?? mkdtempSync(join(ROOT, "node_modules/.built-programs-"));
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
  const files = programs.map((file) => join(ROOT, file));
  const command = [tsc, ...switches, ...flags, ...files];
  execFileSync(process.execPath, command, { cwd: ROOT, stdio: "inherit" });
  return {
    folder,
    run: join(folder, (programs[0] ?? "").replace(/\.ts$/, ".js")),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
