// Writes to the terminal what has changed from one frame to the next.
import type { Frame, FrameRow } from "./frame.tsx";

const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";
/** The terminal shows all that is between the two at once, if it knows how to. */
const BEGIN = "\x1b[?2026h";
const END = "\x1b[?2026l";

/**
 * What turns one screen into the next.
 *
 * @param before Nothing when the screen is unknown: then all is painted.
 * @returns An empty string when they are the same.
 */
export function paint(before: Frame | undefined, after: Frame): string {
  const old = before?.rows.map(bytesOf) ?? [];
  const changed = after.rows
    .map((row, index) => ({ index, bytes: bytesOf(row) }))
    .filter(({ index, bytes }) => old[index] !== bytes)
    .map(({ index, bytes }) => `\x1b[${index + 1};1H\x1b[2K${bytes}`);
  const { row, column } = after.cursor;
  const moved = before?.cursor.row !== row || before.cursor.column !== column;
  if (changed.length === 0 && !moved) return "";
  const cursor = `\x1b[${row + 1};${column + 1}H${SHOW_CURSOR}`;
  if (changed.length === 0) return cursor;
  const clear = before === undefined ? "\x1b[2J" : "";
  return BEGIN + HIDE_CURSOR + clear + changed.join("") + cursor + END;
}

function bytesOf({ text, side }: FrameRow): string {
  return side ? `${text}\x1b[${side.column + 1}G${side.text}` : text;
}
