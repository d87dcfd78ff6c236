// Which rows of the talk are in the window.
import type { Entry } from "./state.ts";
import { wrap } from "./wrap.ts";

/** The columns to the left of the talk, for a mark. */
export const GUTTER = 2;

/** The place of a window that does not follow the talk: what stands in its last row. */
export interface Anchor {
  readonly id: number;
  /** How many rows of that entry are below the window. */
  readonly hidden: number;
  /** The newest entry that was ever in the window. */
  readonly seen: number;
}

export interface Row {
  readonly entry: Entry;
  readonly text: string;
  readonly first: boolean;
}

/** The talk and the size of its window, in columns and rows. */
export interface Window {
  readonly entries: readonly Entry[];
  readonly width: number;
  readonly height: number;
}

/** The entry in the last row of the window, and how many of its rows are below. */
interface Place {
  readonly index: number;
  readonly hidden: number;
}

const cache = new WeakMap<Entry, { width: number; rows: Row[] }>();

/** An entry's rows at this width of the window. */
function rowsOf(entry: Entry, width: number): Row[] {
  const known = cache.get(entry);
  if (known?.width === width) return known.rows;
  const texts = wrap(entry.text, Math.max(2, width - GUTTER));
  const rows = texts.map((text, index) => ({ entry, text, first: index === 0 }));
  cache.set(entry, { width, rows });
  return rows;
}

/** The rows in the window, at most as many as it has. Without an anchor: the newest. */
export function visibleRows(window: Window, anchor: Anchor | undefined): Row[] {
  const { entries, width, height } = window;
  let { index, hidden } = filled(window, placeOf(window, anchor));
  let rows: Row[] = [];
  for (; index >= 0 && rows.length < height; index -= 1) {
    const entry = entries[index];
    const all = entry === undefined ? [] : rowsOf(entry, width);
    rows = [...all.slice(0, all.length - hidden), ...rows];
    hidden = 0;
  }
  return rows.slice(-height);
}

/**
 * Moves the window.
 *
 * @param by How many rows: up when negative.
 * @returns The new place; undefined at the end of the talk, which the window follows then.
 */
export function scroll(
  window: Window,
  anchor: Anchor | undefined,
  by: number,
): Anchor | undefined {
  const moved = walk(window, placeOf(window, anchor), by);
  const { index, hidden } = filled(window, moved);
  const entry = window.entries[index];
  const last = window.entries.at(-1);
  if (entry === undefined || last === undefined) return undefined;
  if (entry === last && hidden <= 0) return undefined;
  return { id: entry.id, hidden, seen: Math.max(anchor?.seen ?? last.id, entry.id) };
}

/** The place so many rows further down: beyond the last entry at the end of the talk. */
function walk(window: Window, { index, hidden }: Place, rows: number): Place {
  let [at, below] = [index, hidden - rows];
  for (; at > 0 && below >= countOf(window, at); at -= 1) below -= countOf(window, at);
  while (below < 0 && at < window.entries.length) {
    at += 1;
    below += countOf(window, at);
  }
  return { index: at, hidden: below };
}

/** The place, or the first one below it with so much above that the window is full. */
function filled(window: Window, place: Place): Place {
  let above = countOf(window, place.index) - place.hidden;
  for (let at = place.index - 1; at >= 0 && above < window.height; at -= 1) {
    above += countOf(window, at);
  }
  const missing = window.height - above;
  const last = { index: window.entries.length - 1, hidden: 0 };
  if (missing <= 0) return place;
  const lower = walk(window, place, missing);
  return lower.index > last.index ? last : lower;
}

function countOf({ entries, width }: Window, index: number): number {
  const entry = entries[index];
  return entry === undefined ? 0 : rowsOf(entry, width).length;
}

/** How many entries came below the window since it stopped following the talk. */
export function unread({ entries }: Window, anchor: Anchor | undefined): number {
  const last = entries.at(-1);
  return anchor === undefined || last === undefined ? 0 : last.id - anchor.seen;
}

/** Where the anchor is now: the oldest entries go, and other widths make other rows. */
function placeOf(window: Window, anchor: Anchor | undefined): Place {
  const { entries } = window;
  const [oldest] = entries;
  if (anchor === undefined || oldest === undefined) {
    return { index: entries.length - 1, hidden: 0 };
  }
  const index = anchor.id - oldest.id;
  if (index < 0) return { index: 0, hidden: 0 };
  return { index, hidden: Math.min(anchor.hidden, countOf(window, index) - 1) };
}
