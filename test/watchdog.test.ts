// What a run of the tests starts ends with it, even when the run is killed.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { ROOT } from "../behaviours/steps.ts";
import { processesOf, RUN } from "./watchdog.mjs";

/** The folder of a run of its own, and its watchdog. */
function startRun(): { folder: string; watchdog: ChildProcess } {
  const folder = mkdtempSync(join(tmpdir(), "run-"));
  const file = join(ROOT, "test/watchdog.mjs");
  const watchdog = spawn(process.execPath, [file, folder], { stdio: "pipe" });
  onTestFinished(() => {
    watchdog.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  return { folder, watchdog };
}

/** A process of a run that never ends by itself, and says its own number, then its child's. */
async function startSpinner(
  folder: string,
): Promise<{ child: ChildProcess; grandchild: number }> {
  const program = `
    const { pid } = require("node:child_process").spawn("sleep", ["1000"]);
    console.log(pid);
    setInterval(() => {}, 1000);
  `;
  const env = { ...process.env, [RUN]: folder };
  const child = spawn(process.execPath, ["-e", program], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(child.stdout, "data");
  onTestFinished(() => {
    for (const { pid } of processesOf(folder)) process.kill(pid, "SIGKILL");
  });
  return { child, grandchild: Number(line) };
}

describe.runIf(process.platform === "linux")("on Linux, where one can find them,", () => {
  test("the processes of a run that is killed end, and its folder goes", async () => {
    const { folder, watchdog } = startRun();
    const { child, grandchild } = await startSpinner(folder);
    const pids = processesOf(folder).map(({ pid }) => pid);
    expect(pids.sort()).toEqual([child.pid, grandchild].sort());
    const ended = once(child, "exit");
    const done = once(watchdog, "exit");
    watchdog.stdin?.end();
    expect(await ended).toEqual([null, "SIGKILL"]);
    expect(await done).toEqual([0, null]);
    expect(processesOf(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  test("those of another run live on", async () => {
    const [mine, other] = [startRun(), startRun()];
    const { child } = await startSpinner(other.folder);
    const done = once(mine.watchdog, "exit");
    mine.watchdog.stdin?.end();
    expect(await done).toEqual([0, null]);
    expect(processesOf(other.folder).map(({ pid }) => pid)).toContain(child.pid);
  });

  test("of a run that has ended by itself nothing is ended", async () => {
    const { folder, watchdog } = startRun();
    const { child } = await startSpinner(folder);
    rmSync(folder, { recursive: true });
    const done = once(watchdog, "exit");
    watchdog.stdin?.end();
    expect(await done).toEqual([0, null]);
    expect(processesOf(folder).map(({ pid }) => pid)).toContain(child.pid);
  });
});
