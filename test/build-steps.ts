// Before all tests: strips the types off the servers of steps and solutions and off the asides,
// once. Loading tsx takes a fifth of a second of a core, and the tests start some six hundred
// programs. That the examples run as they stand, with tsx and without, is tested too: in
// commands.test.ts, by the pages that show what they print, and on newer Nodes.
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { TestProject } from "vitest/node";
import { ALL_STEPS, EXAMPLES, ROOT } from "../behaviours/steps.ts";
import { programOf, rungs, solutions } from "../scripts/programs.ts";
import { leftIn, watchOver } from "./leftovers.ts";
import { ALL } from "./requirements.ts";
import { MORE_THAN_NODE, Traps } from "./traps.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of the examples as JavaScript. */
    built: string;
  }
}

export default function setup(project: TestProject): () => Promise<void> {
  // Inside node_modules: from there the packages that step 18 needs are found.
  const folder = mkdtempSync(join(ROOT, "node_modules/.built-steps-"));
  watchOver(folder);
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
  const hello = { file: join(EXAMPLES, "r4-poll/hello.ts") };
  const asides = filesOf("asides", ".ts").map((name) => ({ file: join(EXAMPLES, name) }));
  const servers = [...ALL_STEPS.map(programOf), ...solutions(), ...rungs(), hello];
  const programs = [...servers, ...asides];
  const files = programs.map(({ file }) => file);
  const command = [
    tsc,
    "--ignoreConfig",
    "--rewriteRelativeImportExtensions",
    "--noCheck",
    ...flags,
  ];
  execFileSync(process.execPath, [...command, ...files], { cwd: ROOT, stdio: "inherit" });
  // What the programs read beside themselves: help texts, and threads in plain JavaScript.
  const texts = ALL_STEPS.flatMap(({ slug }) => [
    ...filesOf(slug, ".txt"),
    ...filesOf(join(slug, "exercises"), ".txt"),
  ]);
  for (const name of [...texts, ...filesOf("asides/parts", ".mjs")]) {
    copyFileSync(join(EXAMPLES, name), join(folder, name));
  }
  // What the file servers of the reactor chapter give away.
  cpSync(join(EXAMPLES, "shared/public"), join(folder, "shared/public"), {
    recursive: true,
  });
  project.provide("built", folder);
  const traps = new Traps(join(folder, "traps"), ALL ? [] : MORE_THAN_NODE);
  process.env.PATH = traps.path;
  // However the tests were called: to the commands that they run it is as if by just.
  delete process.env["npm_command"];
  return async () => {
    const sprung = traps.sprung();
    const left = await leftIn(folder);
    rmSync(folder, { recursive: true, force: true });
    if (sprung.length > 0) fail("Tests have started what they may not", sprung);
    if (left.length > 0) fail("Tests have left processes that still run", left);
  };
}

function fail(what: string, commands: readonly string[]): never {
  // Vitest only prints what a teardown throws: the run would end with 0 all the same.
  process.exitCode = 1;
  throw new Error(`${what}:\n${commands.join("\n")}`);
}

/** The files of a folder of the examples, if it is there, by how their names end. */
function filesOf(folder: string, end: string): string[] {
  if (!existsSync(join(EXAMPLES, folder))) return [];
  return readdirSync(join(EXAMPLES, folder))
    .filter((file) => file.endsWith(end))
    .map((file) => join(folder, file));
}
