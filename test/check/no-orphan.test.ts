// The servers that the checker starts end with it, however it ends.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Command } from "../run.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "check-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A server that greets nobody, and writes down its process id. */
const SERVER = `
  import { appendFileSync } from "node:fs";
  import { createServer } from "node:net";
  appendFileSync(new URL("pids", import.meta.url), process.pid + "\\n");
  createServer().listen(Number(process.env.PORT), "127.0.0.1", function () {
    console.log("listening on 127.0.0.1:" + this.address().port);
  });
`;

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Ends when a process has ended that is no child of ours. */
async function gone(pid: number): Promise<void> {
  while (isRunning(pid)) await new Promise(setImmediate);
}

describe.skipIf(process.platform === "win32")("no server is left behind", () => {
  test.each([
    ["SIGINT", "node mute.mjs", 130],
    ["SIGTERM", "node mute.mjs", 143],
    ["SIGHUP", "cd . && (true; node mute.mjs; true)", 129],
    ["SIGINT", "cd . && (true; node mute.mjs; true)", 130],
  ] as const)("after %s, started by: %s", async (signal, line, code) => {
    writeFileSync(join(folder, "mute.mjs"), SERVER);
    const path = join(folder, "mute.mjs");
    const cmd = line.replace("node mute.mjs", `"${process.execPath}" "${path}"`);
    const check = new Command(["check", "6", "--patience", "600", "--cmd", cmd]);
    const started = () => {
      try {
        return readFileSync(join(folder, "pids"), "utf8").trim().split("\n").map(Number);
      } catch {
        return [];
      }
    };
    while (started().length === 0) await new Promise(setImmediate);
    const ended = await check.end(signal);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toBe("");
    const pids = started();
    expect(pids.length).toBeGreaterThan(0);
    for (const pid of pids) await gone(pid);
  });
});
