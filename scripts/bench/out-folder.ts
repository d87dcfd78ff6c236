// The folder for the results, made before minutes of measuring.
import { existsSync, mkdirSync, mkdtempSync, rmdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Failure } from "../cli.ts";

/**
 * Makes the folder and its parents, and proves that it can be written to.
 *
 * @throws {Failure} When it cannot be.
 */
export function makeOutFolder(folder: string): void {
  try {
    makeFolder(resolve(folder));
    rmdirSync(mkdtempSync(join(folder, ".bench-")));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Failure(
      `Cannot write to ${folder}: ${code}. Name a folder that you may write to`,
    );
  }
}

/** One folder at a time: with `recursive`, Node never returns from `/proc/x`. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}
