// A source file of the repository, and the parts of it that a page can show.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, posix, relative } from "node:path";
import { ALL_STEPS, PARTS, ROOT, type Step } from "../../behaviours/steps.ts";
import { linesOf } from "../diff/line.ts";
import { diffFile } from "../diff/model.ts";
import { DocsError, nearestOf, type Place } from "./error.ts";
import { symbolsOf } from "./symbols.ts";

export interface Source {
  /** From the repository's folder: `examples/08-chat/server.ts`. */
  readonly path: string;
  readonly text: string;
  /** The step whose server it is. */
  readonly step: Step | undefined;
}

/** A part of a source: its lines, numbered as in the file from 1, region marks left out. */
export interface Part {
  readonly source: Source;
  /** As it was asked for; undefined for the whole file. */
  readonly symbol: string | undefined;
  readonly numbers: readonly number[];
}

/**
 * The file that a link of a page leads to.
 *
 * @param href As it stands in the page: relative to it.
 * @throws {DocsError} When there is no such file in the repository.
 */
export function sourceAt(href: string, place: Place): Source {
  const [target = ""] = href.split("#");
  const path = posix.join(posix.dirname(place.file), target);
  const file = join(ROOT, path);
  const outside = relative(ROOT, file).startsWith("..");
  if (outside || !existsSync(file) || !statSync(file).isFile()) {
    throw new DocsError(place, `Cannot show ${path}: there is no such file`);
  }
  const step = ALL_STEPS.find(({ slug }) => path === `examples/${slug}/server.ts`);
  return { path, text: readFileSync(file, "utf8"), step };
}

/**
 * A part of a source.
 *
 * @param symbol A name, `Room.send`, `#region` or `loop`; undefined for the whole file.
 * @throws {DocsError} When the source has no such part.
 */
export function partOf(source: Source, symbol: string | undefined, place: Place): Part {
  const visible = linesOf(source.text, "hide").map(({ number }) => number);
  if (symbol === undefined) return { source, symbol, numbers: visible };
  const symbols = symbolsOf(source.text);
  // A private method may be asked for without its mark.
  const span = symbols.get(symbol) ?? symbols.get(symbol.replace(".", ".#"));
  if (span === undefined) {
    const near = nearestOf(symbol, symbols.keys());
    throw new DocsError(
      place,
      `Cannot show ${symbol} of ${source.path}: it has no such part, but ${near}`,
    );
  }
  const [start, end] = span;
  return { source, symbol, numbers: visible.filter((n) => n > start && n <= end) };
}

/** The step before the one whose server it is, in the same part of the book. */
export function stepBefore({ step }: Source): Step | undefined {
  const row = PARTS.find((steps) => steps.some((one) => one === step));
  return row?.find(({ number }) => number === (step?.number ?? 0) - 1);
}

/** The lines of a step's server that the step before did not have, however indented. */
export function newLinesOf(source: Source): ReadonlySet<number> {
  const before = stepBefore(source);
  if (!before) return new Set();
  const old = readFileSync(join(before.folder, "server.ts"), "utf8");
  const options = { context: 0, indentation: "ignore" } as const;
  const { hunks } = diffFile("server.ts", old, source.text, options);
  const rows = hunks.flatMap((hunk) => hunk.rows);
  return new Set(
    rows.flatMap((row) => (row.kind === "added" ? [row.newNumber ?? 0] : [])),
  );
}
