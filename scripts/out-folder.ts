// The folder for results, made before minutes of work.
import { existsSync, mkdirSync, mkdtempSync, rmdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Failure } from "./cli.ts";

/**
 * Makes the folder and its parents, and proves that it can be written to.
 *
 * @param what What cannot be written, in the message: `the site to /x`.
 * @throws {Failure} When it cannot be.
 */
export function makeOutFolder(folder: string, what = `to ${folder}`): void {
  try {
    makeFolder(resolve(folder));
    rmdirSync(mkdtempSync(join(folder, ".out-")));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Failure(
      `Cannot write ${what}: ${code}. Name a folder that you may write to`,
    );
  }
}

/** One folder at a time: with `recursive`, Node never returns from `/proc/x`. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}
