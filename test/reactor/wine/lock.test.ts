// The lock that keeps two runs from using the same Wine.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { withLock } from "./lock.ts";

const folder = mkdtempSync(join(tmpdir(), "lock-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("one holder at a time, and everyone gets a turn", async () => {
  const lock = join(folder, "one");
  let inside = 0;
  const work = async () => {
    inside += 1;
    expect(inside).toBe(1);
    await turn();
    inside -= 1;
    return "done";
  };
  const all = await Promise.all([1, 2, 3].map(() => withLock(lock, work)));
  expect(all).toEqual(["done", "done", "done"]);
});

test("failing work releases the lock", async () => {
  const lock = join(folder, "failing");
  const failing = withLock(lock, () => Promise.reject(new Error("no")));
  await expect(failing).rejects.toThrow("no");
  await withLock(lock, () => Promise.resolve());
});

test("the lock of a dead process is taken over", async () => {
  const lock = join(folder, "left");
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  mkdirSync(lock);
  writeFileSync(join(lock, "pid"), String(pid));
  await expect(withLock(lock, () => Promise.resolve("mine"))).resolves.toBe("mine");
});
