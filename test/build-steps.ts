// Before all tests: strips the types off the servers of steps and solutions, off the asides
// and off the commands, once. Loading tsx takes a fifth of a second of a core, and the tests
// start some seven hundred programs. That all of it runs as it stands, with tsx and without,
// is tested too: in install.test.ts, by the pages that show what examples print, on newer
// Nodes, and with `--all` each command goes through scripts/run.mjs.
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
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
    /** The folder of the commands as JavaScript; none where they run as a person runs them. */
    commands: string | undefined;
  }
}

export default function setup(project: TestProject): () => Promise<void> {
  // Inside node_modules: from there the packages that step 18 needs are found.
  const folder = mkdtempSync(join(ROOT, "node_modules/.built-steps-"));
  watchOver(folder);
  const hello = { file: join(EXAMPLES, "r4-poll/hello.ts") };
  const asides = filesOf("asides", ".ts").map((name) => ({ file: join(EXAMPLES, name) }));
  const servers = [...ALL_STEPS.map(programOf), ...solutions(), ...rungs(), hello];
  const programs = [...servers, ...asides];
  const files = programs.map(({ file }) => file);
  strip(files, EXAMPLES, folder);
  // What the programs read beside themselves: help texts, and threads in plain JavaScript.
  const texts = ALL_STEPS.flatMap(({ slug }) => [
    ...filesOf(slug, ".txt"),
    ...filesOf(join(slug, "exercises"), ".txt"),
  ]);
  const plain = ["asides/parts", "shared"].flatMap((folder) => filesOf(folder, ".mjs"));
  for (const name of [...texts, ...plain]) {
    copyFileSync(join(EXAMPLES, name), join(folder, name));
  }
  // What the file servers of the reactor chapter give away, and the page of the chat there.
  for (const files of ["shared/public", "r9-chat/page"]) {
    cpSync(join(EXAMPLES, files), join(folder, files), { recursive: true });
  }
  project.provide("built", folder);
  project.provide("commands", ALL ? undefined : buildCommands(join(folder, "commands")));
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

/** Writes files, and all that they import, as JavaScript into `outDir`. */
function strip(files: readonly string[], rootDir: string, outDir: string): void {
  const require = createRequire(import.meta.url);
  const tsc = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
  const options = {
    outDir,
    rootDir,
    target: "es2023",
    module: "nodenext",
    types: "node",
  };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const switches = ["--ignoreConfig", "--rewriteRelativeImportExtensions", "--noCheck"];
  execFileSync(process.execPath, [tsc, ...switches, ...flags, ...files], {
    cwd: ROOT,
    stdio: "inherit",
  });
}

/** @returns the folder with a `.js` for each command. */
function buildCommands(folder: string): string {
  const commands = readdirSync(join(ROOT, "scripts/commands"));
  strip(
    commands.map((name) => join(ROOT, "scripts/commands", name)),
    ROOT,
    folder,
  );
  // Of these tsc reads only the declarations.
  const scripts = join(ROOT, "scripts");
  const plain = readdirSync(scripts).filter((name) => name.endsWith(".mjs"));
  for (const name of plain)
    copyFileSync(join(scripts, name), join(folder, "scripts", name));
  // They look for what stands beside them, which is where they were written.
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!/\.m?js$/.test(name)) continue;
    const file = join(folder, name);
    const source = pathToFileURL(join(ROOT, name.replace(/\.js$/, ".ts")));
    const text = readFileSync(file, "utf8");
    writeFileSync(file, `import.meta.url = ${JSON.stringify(source)}; ${text}`);
  }
  return join(folder, "scripts/commands");
}

function fail(what: string, commands: readonly string[]): never {
  // Vitest only prints what a teardown throws: the run would end with 0 all the same. With 1 it
  // ends when tests have failed, which may be tried again.
  process.exitCode = 3;
  throw new Error(`${what}:\n${commands.join("\n")}`);
}

/** The files of a folder of the examples, if it is there, by how their names end. */
function filesOf(folder: string, end: string): string[] {
  if (!existsSync(join(EXAMPLES, folder))) return [];
  return readdirSync(join(EXAMPLES, folder))
    .filter((file) => file.endsWith(end))
    .map((file) => join(folder, file));
}
