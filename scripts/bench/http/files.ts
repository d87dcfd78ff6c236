// The files that a server of HTTP is asked for: made when they are needed, and kept.
import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CACHE = new URL("../../../node_modules/.cache/bench/files/", import.meta.url);
/** Where they are: a server of files gets it as ROOT. */
export const FILES = fileURLToPath(CACHE);

/** What a file of this size is asked for by. */
export function pathOfFile(size: number): string {
  return `/${size}.bin`;
}

/** Makes the file of a size, unless it is there. */
export function makeFile(size: number): void {
  const path = join(FILES, pathOfFile(size));
  if (existsSync(path) && statSync(path).size === size) return;
  mkdirSync(FILES, { recursive: true });
  // Another process may be making it too: the first to finish puts a whole one there.
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, Buffer.alloc(size, "all the world's a stage, "));
  renameSync(mine, path);
}
