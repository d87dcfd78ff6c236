// The files that are requested from an HTTP server. They are made on demand, and kept.
import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CACHE = new URL("../../../node_modules/.cache/bench/files/", import.meta.url);
/** The folder of the files. A file server gets it as ROOT. */
export const FILES = fileURLToPath(CACHE);

/** The URL path of the file of this size. @param size In bytes. */
export function pathOfFile(size: number): string {
  return `/${size}.bin`;
}

/** Makes the file of this size, unless it exists. @param size In bytes. */
export function makeFile(size: number): void {
  const path = join(FILES, pathOfFile(size));
  if (existsSync(path) && statSync(path).size === size) return;
  mkdirSync(FILES, { recursive: true });
  // Another process may be making it too, so the rename makes a complete file appear.
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, Buffer.alloc(size, "all the world's a stage, "));
  renameSync(mine, path);
}
