// Step 18 with one place of its code changed, in a folder of its own.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import type { Mutation } from "./rules.ts";

/**
 * Makes it, among the compiled steps: it goes with them.
 *
 * @param mutation Nothing is changed without it.
 * @returns Its program.
 * @throws {Error} When the text to be changed is not there, or more than once.
 */
export function mutant(mutation?: Mutation): string {
  const built = inject("built");
  const folder = mkdtempSync(join(built, "mutant-"));
  mkdirSync(join(folder, "shared"));
  for (const name of readdirSync(join(built, "shared"))) {
    if (name.endsWith(".js"))
      cpSync(join(built, "shared", name), join(folder, "shared", name));
  }
  const step = join(folder, "18-final");
  mkdirSync(step);
  for (const name of ["server.js", "help.txt"]) {
    cpSync(join(built, "18-final", name), join(step, name));
  }
  const program = join(step, "server.js");
  if (mutation === undefined) return program;
  const { file } = mutation;
  const path = file === undefined ? program : join(folder, "shared", `${file}.js`);
  writeFileSync(path, changed(readFileSync(path, "utf8"), mutation));
  return program;
}

/**
 * The text with that place changed.
 *
 * @throws {Error} When the text to be changed is not there, or more than once.
 */
export function changed(source: string, { from, to }: Mutation): string {
  const parts = source.split(from);
  if (parts.length === 2) return parts.join(to);
  const times = parts.length - 1;
  throw new Error(`Cannot change ${JSON.stringify(from)}: it is there ${times} times`);
}
