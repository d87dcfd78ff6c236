// A diff in two columns, the old file on the left and the new one on the right.
import { charactersOf, forColumn, widthOf, widthOfCharacter } from "./cell.ts";
import type { Row } from "./line.ts";
import type { Pair } from "./line-pairs.ts";
import type { FileDiff } from "./model.ts";
import type { Paint, Role } from "./paint.ts";

const BETWEEN = " │ ";
const MARKS = { same: " ", removed: "-", added: "+" } as const;

/** A part of a line in one style. */
interface Piece {
  readonly role: Role;
  readonly text: string;
}

/**
 * The lines of one file's diff in two columns of equal width. Long lines are wrapped, so that
 * nothing is cut off.
 *
 * @param width The width of both together, in terminal columns.
 */
export function sideBySide(diff: FileDiff, width: number, paint: Paint): string[] {
  const half = Math.floor((width - BETWEEN.length) / 2);
  const digits = String(
    Math.max(
      ...diff.hunks.map((hunk) => Math.max(lastOf(hunk.old), lastOf(hunk.new))),
      0,
    ),
  ).length;
  // The number, a space, the mark, a space.
  const room = half - digits - 3;
  const between = paint("faint", BETWEEN);
  const gap = paint("faint", `${"⋮".padStart(digits)}`);
  const left = (cell: string, used: number) => cell + " ".repeat(half - used) + between;
  return diff.hunks.flatMap((hunk, index) => [
    ...(index === 0 ? [] : [left(gap, digits) + gap]),
    ...hunk.pairs.flatMap((pair) => {
      const olds = cellsOf(pair, "old", digits, room, paint);
      const news = cellsOf(pair, "new", digits, room, paint);
      return Array.from({ length: Math.max(olds.length, news.length) }, (_, line) => {
        const old = olds[line] ?? { text: "", width: 0 };
        return left(old.text, old.width) + (news[line]?.text ?? "");
      });
    }),
  ]);
}

function lastOf(range: { start: number; count: number }): number {
  return range.start + range.count;
}

/** One side of a pair, as one or more lines. */
function cellsOf(
  pair: Pair,
  side: "old" | "new",
  digits: number,
  room: number,
  paint: Paint,
): { text: string; width: number }[] {
  const row = side === "old" ? pair.before : pair.after;
  if (!row) return [];
  const number = String((side === "old" ? row.oldNumber : row.newNumber) ?? "");
  const pieces = piecesOf(pair, row);
  if (!row.ended) pieces.push({ role: "faint", text: " (no line feed)" });
  return wrap(pieces, room).map((line, index) => {
    const label = (index === 0 ? number : "").padStart(digits);
    const mark = MARKS[row.kind];
    return {
      text: `${paint("faint", label)} ${paint(row.kind, mark)} ${line
        .map((piece) => paint(piece.role, piece.text))
        .join("")}`,
      width: digits + 3 + widthOf(line.map((piece) => piece.text).join("")),
    };
  });
}

function piecesOf(pair: Pair, row: Row): Piece[] {
  if (!pair.words) return [{ role: row.kind, text: forColumn(row.text) }];
  const other = row.kind === "removed" ? "added" : "removed";
  return pair.words
    .filter((word) => word.kind !== other)
    .map(({ kind, text }) => ({
      role: kind === "same" ? row.kind : kind === "removed" ? "removedWord" : "addedWord",
      text: forColumn(text),
    }));
}

/** Wraps pieces into lines of at most `room` columns; returns at least one line. */
function wrap(pieces: readonly Piece[], room: number): Piece[][] {
  const characters = pieces.flatMap(({ role, text }) =>
    charactersOf(text).map((character): Piece => ({ role, text: character })),
  );
  const lines: Piece[][] = [];
  for (let start = 0; start < characters.length || lines.length === 0; ) {
    let end = start;
    for (let used = 0; end < characters.length; end++) {
      used += widthOfCharacter(characters[end]?.text ?? "");
      if (used > room) break;
    }
    // Breaks between words, unless that leaves more than half of the line empty.
    const blank = characters.findLastIndex((piece, i) => i <= end && piece.text === " ");
    const atBlank = end < characters.length && blank > (start + end) / 2;
    lines.push(characters.slice(start, atBlank ? blank : end));
    start = atBlank ? blank + 1 : end;
  }
  return lines.map(joined);
}

/** Merges adjacent pieces with the same role. */
function joined(pieces: readonly Piece[]): Piece[] {
  const whole: Piece[] = [];
  for (const { role, text } of pieces) {
    const last = whole.at(-1);
    if (last?.role === role) whole[whole.length - 1] = { role, text: last.text + text };
    else whole.push({ role, text });
  }
  return whole;
}
