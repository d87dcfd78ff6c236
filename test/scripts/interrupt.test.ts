// How a command ends after Ctrl-C. After 0 just prints an error, after any other code nothing.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, inject, test } from "vitest";
import { typeScriptFlags } from "../../scripts/install.mjs";

/** Built, it needs nothing that strips types. */
const BUILT = inject("commands");
const CLI = BUILT
  ? pathToFileURL(join(BUILT, "../cli.js")).href
  : new URL("../../scripts/cli.ts", import.meta.url).href;

/** Runs a program that prints `ready`, sends it a signal then, and says how it ended. */
async function interrupted(program: string, signal: NodeJS.Signals = "SIGINT") {
  const text = `
    import { endAsInterrupted } from ${JSON.stringify(CLI)};
    endAsInterrupted();
    const timer = setInterval(() => {}, 1000);
    ${program}
    console.log("ready");
  `;
  const flags = [...(BUILT ? [] : typeScriptFlags()), "--input-type=module"];
  const child = spawn(process.execPath, [...flags, "--eval", text], { stdio: "pipe" });
  await once(child.stdout, "data");
  child.kill(signal);
  const [code, endedBy] = await once(child, "close");
  return code ?? endedBy;
}

test.skipIf(process.platform === "win32").each([
  [
    "that listens and ends well",
    'process.on("SIGINT", () => clearInterval(timer));',
    130,
  ],
  ["that exits with 0", 'process.once("SIGINT", () => process.exit(0));', 130],
  ["that failed", 'process.on("SIGINT", () => process.exit(3));', 3],
  ["that does not listen", "", "SIGINT"],
  [
    "that does not listen any more",
    'const f = () => {}; process.on("SIGINT", f); process.off("SIGINT", f);',
    "SIGINT",
  ],
])("a command %s", async (_, program, end) => {
  expect(await interrupted(program)).toBe(end);
});

test.skipIf(process.platform === "win32")("another signal changes no code", async () => {
  const program = 'process.on("SIGTERM", () => process.exit(0));';
  expect(await interrupted(program, "SIGTERM")).toBe(0);
});
