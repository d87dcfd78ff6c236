// Runs one command of this repository: node scripts/run.mjs example 6
//
// Plain JavaScript, because it runs before anything is installed. It installs the packages that
// the command needs, then loads scripts/commands/<command>.ts in the same process, so that signals
// reach it.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { nearest } from "./nearest.mjs";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Cannot run on Node ${process.versions.node}: Node 20.19 or newer is needed`);
}

const { install, packagesOf, STRIPS_TYPES } = await import("./install.mjs");
/** These start other packages' programs, or load them by name, so they need all packages. */
const NEED_ALL = ["bench", "docs", "ok", "test"];

const named = process.argv[2] ?? "--help";
const command = /^(--help|-h)$/.test(named) ? "list" : named;
const commands = readdirSync(new URL("commands", import.meta.url)).map((name) =>
  name.replace(/\.ts$/, ""),
);
if (!commands.includes(command)) {
  const near = nearest(command, commands).join(" or ");
  const meant = near === "" ? "" : `\nDid you mean ${near}?`;
  const all = "\nSee all: node scripts/run.mjs list";
  fail(`Cannot run "${command}": there is no such command${meant}${all}`, 2);
}
const script = new URL(`commands/${command}.ts`, import.meta.url);
const file = fileURLToPath(script);
const packages = NEED_ALL.includes(command) ? undefined : packagesOf(file);
await install(packages).catch((error) => fail(error.message));
process.argv.splice(1, 2, file);
if (!STRIPS_TYPES || packages?.includes("tsx")) {
  const { register } = await import("tsx/esm/api");
  register();
}
await import(script.href);

function fail(message, code = 1) {
  console.error(message);
  process.exit(code);
}
