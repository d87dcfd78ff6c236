// One at a time, among processes: a folder that only one of them can make.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const LOOK_EVERY_MS = 100;

/**
 * Does `work` while nobody else does who uses the same lock. One that was left by a process
 * that is gone is taken over.
 *
 * @param folder It must not be there, but what is above it must be.
 */
export async function withLock<Value>(
  folder: string,
  work: () => Promise<Value>,
): Promise<Value> {
  const giveBack = await takeLock(folder);
  try {
    return await work();
  } finally {
    giveBack();
  }
}

/**
 * Waits until the lock is ours, as `withLock` does.
 *
 * @returns What gives it back.
 */
export async function takeLock(folder: string): Promise<() => void> {
  while (!take(folder)) await delay(LOOK_EVERY_MS);
  return () => rmSync(folder, { recursive: true, force: true });
}

function take(folder: string): boolean {
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, "pid"), String(process.pid));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  if (isLeft(folder)) rmSync(folder, { recursive: true, force: true });
  return false;
}

function isLeft(folder: string): boolean {
  try {
    const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
    // Signal 0 only asks.
    return pid > 0 && !process.kill(pid, 0);
  } catch (error) {
    // No such process. Without a pid in it, it has just been made, or is just being removed.
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
