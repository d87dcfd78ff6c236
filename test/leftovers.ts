// What the tests start ends with them: a watchdog sees to it when a run is killed, and a run
// that comes to its end fails when a test has left a process behind.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ROOT } from "../behaviours/steps.ts";
import { processesOf, RUN } from "./watchdog.mjs";

/** What was ended may need a moment until it is gone: looks, 50 ms apart. */
const LOOKS = 100;

/** Marks what this process starts from now on, and begins to watch over it. */
export function watchOver(folder: string): void {
  // A session of its own: Ctrl-C in the terminal is not for it.
  const watchdog = spawn(process.execPath, [join(ROOT, "test/watchdog.mjs"), folder], {
    stdio: ["pipe", "ignore", "inherit"],
    detached: true,
  });
  watchdog.unref();
  // The pipe ends when this process does, and may not keep it from ending.
  const { stdin } = watchdog;
  if ("unref" in stdin && typeof stdin.unref === "function") stdin.unref();
  process.env[RUN] = folder;
}

/** The commands of the processes that tests have left behind; they are ended. */
export async function leftIn(folder: string): Promise<string[]> {
  // The workers of the tests are children of this process, and end after this.
  const left = () => processesOf(folder).filter(({ parent }) => parent !== process.pid);
  for (let look = 0; look < LOOKS && left().length > 0; look += 1) await pause(50);
  return left().map(({ pid, command }) => {
    process.kill(pid, "SIGKILL");
    return command;
  });
}
