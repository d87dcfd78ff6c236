// Text in a terminal: its graphemes (what a reader sees as one character) and its columns.
import width from "string-width";

const SEGMENTER = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** Only this many characters around an index are segmented, so a key costs O(1). */
const REACH = 200;

/** The graphemes of a text, in order. */
export function graphemes(text: string): string[] {
  // Ten times faster for ASCII.
  if (/^[ -~]*$/.test(text)) return text.split("");
  return Array.from(SEGMENTER.segment(text), ({ segment }) => segment);
}

/** The index at which the grapheme before `index` begins; 0 at the beginning. */
export function before(text: string, index: number): number {
  const near = text.slice(Math.max(0, index - REACH), index);
  return index - (graphemes(near).at(-1)?.length ?? 0);
}

/** The index at which the grapheme at `index` ends; the text's length at the end. */
export function after(text: string, index: number): number {
  const near = text.slice(index, index + REACH);
  return index + (graphemes(near)[0]?.length ?? 0);
}

/** As many of the first graphemes as fit into the given number of columns. */
export function fitting(parts: readonly string[], columns: number): string[] {
  let used = 0;
  const over = parts.findIndex((part) => {
    used += width(part);
    return used > columns;
  });
  return parts.slice(0, over === -1 ? parts.length : over);
}

/** A text of at most the given width, with an ellipsis if something is left out. */
export function truncate(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  return `${fitting(graphemes(text), columns - 1).join("")}…`;
}

/**
 * Wraps a text into rows, between words if possible. Only spaces at a break are left out.
 *
 * @param columns The width of a row: 2 or more, the width of the widest character.
 */
export function wrap(text: string, columns: number): string[] {
  const rows: string[] = [];
  let row = "";
  let used = 0;
  for (const grapheme of graphemes(text)) {
    used += width(grapheme);
    while (used > columns && row !== "") {
      const word = row.lastIndexOf(" ") + 1;
      const within = grapheme !== " " && row.slice(0, word).trim() !== "";
      const end = within ? word : row.length;
      rows.push(row.slice(0, end).trimEnd());
      row = row.slice(end);
      used = width(row + grapheme);
    }
    if (grapheme !== " " || row !== "" || rows.length === 0) row += grapheme;
    else used = 0;
  }
  return [...rows, row];
}
