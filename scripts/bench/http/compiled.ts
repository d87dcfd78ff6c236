// Compiles a C program on demand.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure } from "../../cli.ts";

const CACHE = fileURLToPath(
  new URL("../../../node_modules/.cache/bench/", import.meta.url),
);
const FLAGS = ["-O2", "-Wall", "-Wextra", "-Werror"];

/**
 * The C compiler of this machine: the value of `CC`, or `cc`. Undefined when there is none.
 */
export function findCompiler(): string | undefined {
  const compiler = process.env.CC ?? "cc";
  return spawnSync(compiler, ["--version"]).status === 0 ? compiler : undefined;
}

/**
 * Compiles a file, unless it was compiled before and has not changed.
 *
 * @param source One file that needs only the C library.
 * @returns The path of the program.
 * @throws {Failure} When there is no compiler, or it fails; with the compiler's output.
 */
export function compiled(source: string): string {
  const text = readFileSync(source);
  const hash = createHash("sha256").update(text).update(FLAGS.join(" ")).digest("hex");
  const program = join(CACHE, `${basename(source, ".c")}-${hash.slice(0, 12)}`);
  if (existsSync(program)) return program;
  const compiler = findCompiler();
  if (compiler === undefined) {
    throw new Failure(`Cannot compile ${basename(source)}: there is no C compiler (cc)`);
  }
  mkdirSync(CACHE, { recursive: true });
  // Another process may be compiling it too, so the rename makes a complete file appear.
  const mine = `${program}.${process.pid}`;
  const { status, stderr } = spawnSync(compiler, [...FLAGS, "-o", mine, source]);
  if (status !== 0) throw new Failure(`Cannot compile ${basename(source)}: ${stderr}`);
  renameSync(mine, program);
  return program;
}
