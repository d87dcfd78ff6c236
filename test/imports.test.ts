// What may import what, and that nothing is exported for nobody.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "../behaviours/steps.ts";

interface Import {
  readonly from: string;
  /** From the repository's folder. */
  readonly to: string;
  readonly names: readonly string[];
}

/** The floors of the house, the lowest first: imports lead down. */
const FLOORS = ["examples", "behaviours", "scripts", "test"];

const FILES = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", ...FLOORS],
  { cwd: ROOT, encoding: "utf8" },
)
  .split("\n")
  .filter((file) => /\.(?:tsx?|mjs)$/.test(file) && existsSync(join(ROOT, file)));
const TEXTS = new Map(
  FILES.map((file) => [file, readFileSync(join(ROOT, file), "utf8")]),
);
const IMPORTS = FILES.flatMap(importsOf);

/** The imports of files of ours, those at run time too. */
function importsOf(from: string): Import[] {
  const text = TEXTS.get(from) ?? "";
  const found: Import[] = [];
  const add = (path: string, names: readonly string[]) => {
    if (!path.startsWith(".")) return;
    found.push({ from, to: fileAt(from, path), names });
  };
  for (const [, clause = "", path = ""] of text.matchAll(
    /^import (?:type )?([^"';]*?)(?: from )?"([^"]+)"/gm,
  )) {
    const [, inner = ""] = /\{([^}]*)\}/s.exec(clause) ?? [];
    add(path, clause.includes("* as") ? ["*"] : inner.split(",").map(importedName));
  }
  for (const [, path = ""] of text.matchAll(/\bimport\(\s*"([^"]+)"/g)) {
    // What it takes from there is somewhere in its text.
    add(path, text.match(/[\w$]+/g) ?? []);
  }
  return found;
}

/** Vite takes `?inline` after the name of a stylesheet. */
function fileAt(from: string, path: string): string {
  return posix.join(dirname(from), path.replace(/\?\w+$/, ""));
}

/** `type Room as Other` imports `Room`. */
function importedName(text: string): string {
  return /^(?:type )?([\w$]+)/.exec(text.trim())?.[1] ?? "";
}

const floorOf = (file: string) => FLOORS.indexOf(file.split("/")[0] ?? "");
const arrow = ({ from, to }: Import) => `${from} → ${to}`;

describe("imports", () => {
  test("are found, and lead to files that are there", () => {
    const written = [...TEXTS].flatMap(([from, text]) =>
      [...text.matchAll(/^(?:import\b|\} from) .*"(\.[^"]+)";$/gm)].map(([, path = ""]) =>
        arrow({ from, to: fileAt(from, path), names: [] }),
      ),
    );
    expect(written.length).toBeGreaterThan(500);
    const found = new Set(IMPORTS.map(arrow));
    expect(written.filter((one) => !found.has(one))).toEqual([]);
    const lost = IMPORTS.filter(({ to }) => !existsSync(join(ROOT, to)));
    expect(lost.map(arrow)).toEqual([]);
  });

  test("lead down: test, scripts, behaviours, examples", () => {
    const up = IMPORTS.filter(({ from, to }) => floorOf(to) > floorOf(from));
    expect(up.map(arrow)).toEqual([]);
  });

  test("of behaviours are Node and behaviours: they may hold anybody's server", () => {
    // An exercise may be about what its step takes from there.
    const isOfExercise = ({ from, to }: Import) =>
      from.startsWith("behaviours/exercises/") && to.startsWith("examples/shared/");
    const others = IMPORTS.filter(
      (one) =>
        one.from.startsWith("behaviours/") &&
        !one.to.startsWith("behaviours/") &&
        !isOfExercise(one),
    );
    expect(others.map(arrow)).toEqual([]);
    for (const [file, text] of TEXTS) {
      if (!file.startsWith("behaviours/")) continue;
      for (const [, path = ""] of text.matchAll(/ from "([^"]+)"/g)) {
        expect(path, file).toMatch(/^(?:node:|\.)/);
      }
    }
  });

  test("never lead to a command, and from the pages not to the site", () => {
    const commands = IMPORTS.filter(
      ({ from, to }) => floorOf(from) < 3 && to.startsWith("scripts/commands/"),
    );
    expect(commands.map(arrow)).toEqual([]);
    const site = IMPORTS.filter(
      ({ from, to }) =>
        from.startsWith("scripts/docs/") &&
        !from.startsWith("scripts/docs/site/") &&
        to.startsWith("scripts/docs/site/"),
    );
    expect(site.map(arrow)).toEqual([]);
  });

  test("make no cycle, not even of types", () => {
    expect(firstCycle()).toEqual([]);
  });
});

/** The files of a cycle, the first again at the end; empty when there is none. */
function firstCycle(): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of IMPORTS) {
    next.set(from, [...(next.get(from) ?? []), to]);
  }
  const done = new Set<string>();
  const cycleFrom = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const to of next.get(file) ?? []) {
      const cycle = cycleFrom(to, [...path, file]);
      if (cycle.length > 0) return cycle;
    }
    done.add(file);
    return [];
  };
  return FILES.map((file) => cycleFrom(file, [])).find(({ length }) => length > 0) ?? [];
}

/** Exported for a test or for a reader's program, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "behaviours/http/musts.ts MUSTS": "a test holds each to the behaviour that it names",
  "behaviours/http/musts.ts mustsTable": "a test holds the page's table to it",
  "examples/r6-reactor/connection.ts TRANSITIONS": "the file is r5's, and stays the same",
  "examples/r7-ioserver/connection.ts TRANSITIONS": "the same",
  "scripts/docs/event-way.ts drawEventWay": "a test writes the page's picture with it",
  "scripts/docs/states.ts drawStates": "a test writes the page's picture with it",
  "examples/shared/poll/ffi.ts NoFfi": "an error that a program may catch",
  "examples/shared/poll/readiness/pollers.ts NoPoller":
    "an error that a program may catch",
  "scripts/bench/summary.ts median": "a formula, tested by itself",
  "scripts/diff/line-pairs.ts wordsOf": "an algorithm, tested by itself",
  "scripts/docs/render.ts renderPage": "renders pages that only a test has",
  "scripts/docs/site/check.ts lookAt": "a test calls it as if there were no browser",
  "scripts/docs/trace/store.ts TRACES": "the tests look at what was recorded",
  "scripts/docs/trace/store.ts drawnIn": "the tests look at what was recorded",
  "scripts/docs/trace/store.ts readTrace": "the tests look at what was recorded",
  "scripts/simulate/node/natives.ts VERSION":
    "the tests ask whether it is the one that runs",
};

const EXPORT =
  /^export (?:abstract )?(?:async )?(?:function\*?|class|interface|type|const|let) (?:([\w$]+)|\[([^\]]*)\])/gm;

interface Exported {
  readonly file: string;
  readonly name: string;
  readonly isType: boolean;
}

const EXPORTED = FILES.filter((file) => floorOf(file) < 3).flatMap((file) =>
  [...(TEXTS.get(file) ?? "").matchAll(EXPORT)].flatMap(([head, one = "", list]) =>
    (list?.split(", ") ?? [one]).map((name): Exported => {
      return { file, name, isType: /^export (?:interface|type)/.test(head) };
    }),
  ),
);

describe("what is exported", () => {
  test("is found: it is exported where it is declared", () => {
    for (const [file, text] of TEXTS) {
      if (floorOf(file) === 3) continue;
      for (const line of text.match(/^export .*/gm) ?? []) {
        expect(line, file).toMatch(new RegExp(EXPORT.source));
      }
    }
  });

  test("is imported by another file, which is no test", () => {
    const unused = EXPORTED.filter((one) => !(nameOf(one) in EXCEPTIONS) && !isUsed(one));
    expect(unused.map(nameOf)).toEqual([]);
  });

  test("has no exception that is not needed", () => {
    const needed = EXPORTED.filter((one) => !isUsed(one)).map(nameOf);
    expect(Object.keys(EXCEPTIONS).filter((name) => !needed.includes(name))).toEqual([]);
  });
});

function nameOf({ file, name }: Exported): string {
  return `${file} ${name}`;
}

function isUsed({ file, name, isType }: Exported): boolean {
  const isLibrary = file.startsWith("examples/shared/");
  // The types of a library belong to what it offers.
  if (isLibrary && isType) return true;
  // In a page they are Node's modules: see bundle.ts.
  if (file.startsWith("scripts/simulate/page/host/")) return true;
  return IMPORTS.some(
    ({ from, to, names }) =>
      to === file &&
      (names.includes(name) || names.includes("*")) &&
      // A test is a program that uses the library, and it names the types of what it calls.
      (isLibrary || isType || floorOf(from) < 3),
  );
}
