// Where the names of a file are defined: what it imports from other files of the repository,
// and its own functions, classes and types.
import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { ROOT } from "../../behaviours/steps.ts";
import { symbolsOf } from "./symbols.ts";

interface Definition {
  /** From the repository's folder. */
  readonly path: string;
  /** Of the name itself, from 1, below the comment that belongs to it. */
  readonly line: number;
}

const IMPORT = /^import (?:type )?\{([^}]*)\} from "(\.[^"]+)";$/gm;
const NAMED =
  /^(?:export )?(?:default )?(?:abstract )?(?:async )?(?:function|class|interface|type)\b/;

/** What is known of a file, while it stays as it is. */
const known = new Map<string, { text: string; own: ReadonlyMap<string, number> }>();

/** The names that one meets in a file, and where each is defined. */
export function definitionsOf(path: string): ReadonlyMap<string, Definition> {
  const text = readFileSync(join(ROOT, path), "utf8");
  const found = new Map<string, Definition>();
  for (const [name, line] of ownOf(path)) {
    if (NAMED.test(text.split("\n")[line - 1] ?? "")) found.set(name, { path, line });
  }
  for (const [, names = "", from = ""] of text.matchAll(IMPORT)) {
    const target = posix.join(posix.dirname(path), from);
    if (!existsSync(join(ROOT, target))) continue;
    const theirs = ownOf(target);
    for (const each of names.split(",")) {
      const [, name = "", alias = name] =
        /^\s*(?:type )?([\w$]+)(?: as ([\w$]+))?\s*$/.exec(each) ?? [];
      const line = theirs.get(name);
      if (line !== undefined) found.set(alias, { path: target, line });
    }
  }
  return found;
}

/** The names that a file defines at its left margin, and their lines. */
function ownOf(path: string): ReadonlyMap<string, number> {
  const text = readFileSync(join(ROOT, path), "utf8");
  const before = known.get(path);
  if (before?.text === text) return before.own;
  const lines = text.split("\n");
  const own = new Map<string, number>();
  for (const [name, [start, end]] of symbolsOf(text)) {
    if (!/^[\w$]+$/.test(name) || name === "loop") continue;
    const at = lines
      .slice(start, end)
      .findIndex((line) => !/^\s*(?:\/?\*|\/\/)/.test(line));
    own.set(name, start + Math.max(0, at) + 1);
  }
  known.set(path, { text, own });
  return own;
}
