// The differences between two versions of some files, as data, for the terminal and the pages.
import { diffArrays } from "diff";
import { type Line, linesOf, type Row } from "./line.ts";
import { type Pair, pairsOf } from "./line-pairs.ts";

/** The text of each file, by its name. */
export type Files = ReadonlyMap<string, string>;

/** Lines `start` to `start + count - 1`. When there are none, `start` is the line before. */
interface Range {
  readonly start: number;
  readonly count: number;
}

/** A change, and the lines around it. */
export interface Hunk {
  readonly old: Range;
  readonly new: Range;
  /** In the order of a unified diff: removed lines, then added ones. */
  readonly rows: readonly Row[];
  /** The same rows, aligned. */
  readonly pairs: readonly Pair[];
}

export interface FileDiff {
  readonly name: string;
  readonly status: "same" | "changed" | "added" | "removed";
  /** How many lines. */
  readonly added: number;
  readonly removed: number;
  readonly hunks: readonly Hunk[];
}

interface DiffOptions {
  /** How many unchanged lines to show around a change; 3 by default, Infinity for all. */
  readonly context?: number;
  /** Whether to hide region marks, which is the default. */
  readonly regions?: "hide" | "keep";
  /** Whether lines that differ only in indentation are the same. A row has the new text. */
  readonly indentation?: "ignore" | "compare";
}

/** Compares all files, those of `before` first. The result includes files without a change. */
export function diffFiles(
  before: Files,
  after: Files,
  options: DiffOptions = {},
): FileDiff[] {
  return [...new Set([...before.keys(), ...after.keys()])].map((name) =>
    diffFile(name, before.get(name), after.get(name), options),
  );
}

/** Compares two versions of a file. Undefined means that there is no such file. */
export function diffFile(
  name: string,
  before: string | undefined,
  after: string | undefined,
  { context = 3, regions = "hide", indentation = "compare" }: DiffOptions = {},
): FileDiff {
  const [old, now] = [linesOf(before ?? "", regions), linesOf(after ?? "", regions)];
  const rows =
    indentation === "compare"
      ? rowsOf(old, now, token)
      : settled(rowsOf(old, now, bare), old);
  const added = rows.filter((row) => row.kind === "added").length;
  const removed = rows.filter((row) => row.kind === "removed").length;
  const status = statusOf(before, after, added + removed);
  return { name, status, added, removed, hunks: hunksOf(rows, context) };
}

/** The total number of lines added and removed. */
export function totalOf(diffs: readonly FileDiff[]): { added: number; removed: number } {
  const sum = (count: (diff: FileDiff) => number) =>
    diffs.reduce((total, diff) => total + count(diff), 0);
  return { added: sum((diff) => diff.added), removed: sum((diff) => diff.removed) };
}

function statusOf(
  before: string | undefined,
  after: string | undefined,
  changes: number,
): FileDiff["status"] {
  if (before === undefined && after !== undefined) return "added";
  if (before !== undefined && after === undefined) return "removed";
  return changes === 0 ? "same" : "changed";
}

function rowsOf(
  before: readonly Line[],
  after: readonly Line[],
  tokenOf: (line: Line) => string,
): Row[] {
  const rows: Row[] = [];
  let [i, j] = [0, 0];
  for (const change of diffArrays(before.map(tokenOf), after.map(tokenOf))) {
    for (let count = 0; count < change.value.length; count++) {
      const old = change.added ? undefined : before[i++];
      const now = change.removed ? undefined : after[j++];
      const line = now ?? old;
      if (!line) continue;
      rows.push({
        kind: change.added ? "added" : change.removed ? "removed" : "same",
        text: line.text,
        oldNumber: old?.number,
        newNumber: now?.number,
        ended: line.ended,
      });
    }
  }
  return rows;
}

/** Two last lines differ when only one of them ends with a line feed. */
function token(line: Line): string {
  return line.ended ? `${line.text}\n` : line.text;
}

function bare(line: Line): string {
  return token(line).trimStart();
}

/**
 * Without indentation, one `}` equals another. When a line is matched with one at another depth,
 * and the one at its own depth is at the other end of the adjacent added lines, this matches it
 * with that one.
 */
function settled(rows: readonly Row[], before: readonly Line[]): Row[] {
  const old = new Map(before.map(({ number, text }) => [number, text]));
  const all = [...rows];
  for (const [at, row] of rows.entries()) {
    if (row.kind !== "same") continue;
    const text = old.get(row.oldNumber ?? 0);
    if (text === row.text) continue;
    for (const way of [1, -1]) {
      let end = at;
      while (all[end + way]?.kind === "added") end += way;
      const own = all[end];
      if (own === undefined || end === at || own.text !== text) continue;
      all[at] = { ...row, kind: "added", oldNumber: undefined };
      all[end] = { ...own, kind: "same", oldNumber: row.oldNumber };
      break;
    }
  }
  return all;
}

function hunksOf(rows: readonly Row[], context: number): Hunk[] {
  const hunks: Hunk[] = [];
  let start = -1;
  let end = -1;
  const close = () => {
    if (start >= 0) hunks.push(hunkOf(rows, start, Math.min(end, rows.length)));
  };
  rows.forEach((row, index) => {
    if (row.kind === "same") return;
    if (start < 0 || index - context > end) {
      close();
      start = Math.max(0, index - context);
    }
    end = index + 1 + context;
  });
  close();
  return hunks;
}

function hunkOf(all: readonly Row[], start: number, end: number): Hunk {
  const rows = all.slice(start, end);
  const earlier = all.slice(0, start);
  return {
    old: rangeOf(earlier, rows, (row) => row.oldNumber),
    new: rangeOf(earlier, rows, (row) => row.newNumber),
    rows,
    pairs: linedUp(rows),
  };
}

/** The range of a hunk in the file, which includes hidden region marks. */
function rangeOf(
  earlier: readonly Row[],
  rows: readonly Row[],
  numberOf: (row: Row) => number | undefined,
): Range {
  const numbers = rows.map(numberOf).filter((number) => number !== undefined);
  const [first] = numbers;
  const last = numbers.at(-1);
  if (first !== undefined && last !== undefined) {
    return { start: first, count: last - first + 1 };
  }
  const before = earlier.map(numberOf).filter((number) => number !== undefined);
  return { start: before.at(-1) ?? 0, count: 0 };
}

function linedUp(rows: readonly Row[]): Pair[] {
  let pairs: Pair[] = [];
  let removed: Row[] = [];
  let added: Row[] = [];
  const close = () => {
    // Not push(...), because a file may have more lines than a call may have arguments.
    pairs = pairs.concat(pairsOf(removed, added));
    [removed, added] = [[], []];
  };
  for (const row of rows) {
    if (row.kind === "removed") removed.push(row);
    else if (row.kind === "added") added.push(row);
    else {
      if (removed.length > 0 || added.length > 0) close();
      pairs.push({ before: row, after: row, words: undefined });
    }
  }
  close();
  return pairs;
}
