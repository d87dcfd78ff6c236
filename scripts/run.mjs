// Runs one command of this repository: node scripts/run.mjs example 6
//
// Plain JavaScript, because it is what runs before anything is installed: it installs
// the dependencies when they are missing or older than the lock file, then loads
// scripts/<command>.ts through tsx, in this same process, so that signals arrive.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
const LOCK = new URL("package-lock.json", root);
/** A copy of the lock file that node_modules was installed from. */
const STAMP = new URL("node_modules/.installed-lock.json", root);

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Cannot run on Node ${process.versions.node}: Node 20.19 or newer is needed`);
}

install();
const command = process.argv[2] ?? "list";
const script = new URL(`scripts/${command}.ts`, root);
if (!existsSync(script)) fail(`Cannot run "${command}": there is no such command`, 2);
process.argv.splice(1, 2, fileURLToPath(script));
const { register } = await import("tsx/esm/api");
register();
await import(script.href);

function install() {
  const wanted = readFileSync(LOCK, "utf8");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return;
  console.error("Installing the dependencies (npm ci), once …");
  // On Windows npm is a .cmd file, which only a shell can start.
  const npm = spawnSync("npm ci --no-fund --no-audit --loglevel=error", {
    cwd: root,
    shell: true,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (npm.status !== 0) fail("Cannot install the dependencies: npm ci failed, see above");
  writeFileSync(STAMP, wanted);
}

function fail(message, code = 1) {
  console.error(message);
  process.exit(code);
}
