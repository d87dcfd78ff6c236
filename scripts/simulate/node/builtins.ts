// What programs on the machine can import by name, besides Node's net and streams.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as url from "node:url";
import * as util from "node:util";
import type { Exports } from "../loader/loader.ts";
import type { Library } from "./library.ts";
import { current } from "./running.ts";
import { timersPromises } from "./timers.ts";

/** The numbers of pino's levels. */
const LEVELS = {
  trace: 10,
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  fatal: 60,
  silent: 99,
};

/** A logger that writes pino's lines, without the cost of pino and its threads. */
function pino(
  { level }: { level: keyof typeof LEVELS },
  to: { write(line: string): void },
) {
  const log = (name: keyof typeof LEVELS) => (fields: unknown, msg?: string) => {
    if (LEVELS[name] < LEVELS[level]) return;
    const time = Math.floor(current().schedule.now);
    const rest =
      typeof fields === "string" ? { msg: fields } : { ...Object(fields), msg };
    to.write(`${JSON.stringify({ level: LEVELS[name], time, ...rest })}\n`);
  };
  const names = Object.keys(LEVELS) as (keyof typeof LEVELS)[];
  return Object.fromEntries(names.map((name) => [name, log(name)]));
}
pino.levels = { values: LEVELS };

/** The file system: programs read their own files, and write to their outputs. */
const fs = {
  existsSync,
  readdirSync,
  readFileSync,
  writeSync: (_fd: number, bytes: Uint8Array) => {
    current().program.stderr.write(bytes);
    return bytes.length;
  },
};

const BUILTINS: Record<string, Exports> = {
  "node:fs": fs,
  "node:os": { ...os, default: os },
  "node:path": { ...path },
  "node:url": url as unknown as Exports,
  "node:util": util as unknown as Exports,
  "node:timers/promises": timersPromises,
  pino: { pino },
  "pino-pretty": { prettyFactory: () => String },
};

/** A module by its name; undefined when the machine has none of that name. */
export function builtinOf(library: Library, name: string): Exports | undefined {
  if (/^node:(net|events|stream|readline|timers|buffer|string_decoder)$/.test(name)) {
    return library.require(name.replace("node:", ""));
  }
  return BUILTINS[name];
}
