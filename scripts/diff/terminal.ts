// A diff as lines for a terminal: unified, word by word, or as counts.
import { visible } from "./cell.ts";
import type { Pair } from "./line-pairs.ts";
import { diffFiles, type FileDiff, type Files, type Hunk, totalOf } from "./model.ts";
import { type Paint, painter } from "./paint.ts";
import { sideBySide } from "./side-by-side.ts";

/** One of the two versions that are compared. */
export interface Version {
  /** Its name for the user: `06-concurrent`. */
  readonly name: string;
  readonly files: Files;
}

export interface Look {
  readonly form: "unified" | "side-by-side" | "stat" | "word";
  readonly color: boolean;
  /** The width of the terminal in columns; at least `MIN_WIDTH` for side-by-side. */
  readonly width: number;
}

/** The least width of a terminal in which two columns of code can be read. */
export const MIN_WIDTH = 60;

/**
 * The diff for a terminal. Its first line names both versions, and each line ends with a line
 * feed. Empty when they differ only in region marks, which are not shown.
 */
export function forTerminal(before: Version, after: Version, look: Look): string {
  const paint = painter(look.color);
  const diffs = diffFiles(before.files, after.files).filter(
    (diff) => diff.status !== "same",
  );
  if (diffs.length === 0) return "";
  const body = (diff: FileDiff) => {
    if (look.form === "side-by-side") return sideBySide(diff, look.width, paint);
    return byHunk(diff, paint, look.form === "word" ? wordLines : unifiedLines);
  };
  const title = paint("title", `${visible(before.name)} → ${visible(after.name)}`);
  const lines =
    look.form === "stat"
      ? stat(diffs, paint)
      : diffs.flatMap((diff) => ["", heading(diff, paint), ...body(diff)]);
  return [title, ...lines].map((line) => `${line}\n`).join("");
}

function heading(diff: FileDiff, paint: Paint): string {
  const status = diff.status === "changed" ? "" : ` (${diff.status})`;
  const counts = `${paint("added", `+${diff.added}`)} ${paint("removed", `-${diff.removed}`)}`;
  return `${paint("heading", visible(diff.name) + status)}  ${counts}`;
}

function byHunk(
  diff: FileDiff,
  paint: Paint,
  linesOf: (hunk: Hunk, paint: Paint) => string[],
): string[] {
  return diff.hunks.flatMap((hunk) => [
    paint(
      "place",
      `@@ -${hunk.old.start},${hunk.old.count} +${hunk.new.start},${hunk.new.count} @@`,
    ),
    ...linesOf(hunk, paint),
  ]);
}

const MARKS = { same: " ", removed: "-", added: "+" } as const;

function unifiedLines(hunk: Hunk, paint: Paint): string[] {
  return hunk.rows.flatMap((row) => {
    const line = paint(row.kind, MARKS[row.kind] + visible(row.text));
    return row.ended ? [line] : [line, paint("faint", "\\ No newline at end of file")];
  });
}

function wordLines(hunk: Hunk, paint: Paint): string[] {
  const lines: string[] = [];
  let added: string[] = [];
  const flush = () => {
    for (const line of added) lines.push(line);
    added = [];
  };
  for (const pair of hunk.pairs) {
    const { before, after, words } = pair;
    if (before === after || words) {
      flush();
      lines.push(wordLine(pair, paint));
      if (before && after && before.ended !== after.ended) {
        const side = before.ended ? "new" : "old";
        lines.push(paint("faint", `\\ No newline at end of the ${side} file`));
      }
      continue;
    }
    if (before) lines.push(paint("removed", `-${visible(before.text)}`));
    // Held back, to keep the removed lines of a place together, as in a unified diff.
    if (after) added.push(paint("added", `+${visible(after.text)}`));
  }
  flush();
  return lines;
}

function wordLine({ after, words }: Pair, paint: Paint): string {
  if (!words) return ` ${visible(after?.text ?? "")}`;
  // Without colours, uses the marks of `git diff --word-diff`.
  const colored = paint("added", "x") !== "x";
  const pieces = words.map(({ kind, text }) => {
    if (kind === "same") return visible(text);
    if (kind === "removed") {
      return colored ? paint("removedWord", visible(text)) : `[-${visible(text)}-]`;
    }
    return colored ? paint("addedWord", visible(text)) : `{+${visible(text)}+}`;
  });
  return `${paint("place", "~")}${pieces.join("")}`;
}

/** The longest bar of + and -. */
const BAR = 40;

function stat(diffs: readonly FileDiff[], paint: Paint): string[] {
  const total = totalOf(diffs);
  const rows = [...diffs, { name: "total", ...total }];
  const width = (texts: readonly (string | number)[]) =>
    Math.max(...texts.map((text) => String(text).length));
  const names = width(rows.map((row) => visible(row.name)));
  const added = width(rows.map((row) => row.added)) + 1;
  const removed = width(rows.map((row) => row.removed)) + 1;
  const scale = Math.min(1, BAR / Math.max(...diffs.map((d) => d.added + d.removed)));
  return rows.map((row, index) => {
    const bar = (sign: string, count: number) => sign.repeat(Math.ceil(count * scale));
    const bars =
      index === diffs.length
        ? ""
        : `  ${paint("added", bar("+", row.added))}${paint("removed", bar("-", row.removed))}`;
    return [
      visible(row.name).padEnd(names),
      paint("added", `+${row.added}`.padStart(added)),
      `${paint("removed", `-${row.removed}`.padStart(removed))}${bars}`,
    ].join("  ");
  });
}
