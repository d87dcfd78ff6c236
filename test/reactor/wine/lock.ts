// A lock between processes: a folder that only one of them can create.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const LOOK_EVERY_MS = 100;

/**
 * Runs `work` while holding the lock. The lock of a process that has ended is taken over.
 *
 * @param folder Must not exist; its parent must.
 */
export async function withLock<Value>(
  folder: string,
  work: () => Promise<Value>,
): Promise<Value> {
  const release = await takeLock(folder);
  try {
    return await work();
  } finally {
    release();
  }
}

/**
 * Acquires the lock, as `withLock` does.
 *
 * @returns A function that releases it.
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
    // Signal 0 only checks that the process exists.
    return pid > 0 && !process.kill(pid, 0);
  } catch (error) {
    // No such process. A folder without a pid is just being created or removed.
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
