// Long lines, cut into rows of a width.
import { graphemes, width as widthOf } from "./grapheme.ts";

/**
 * Cuts a text into rows, between words where it can. The space at a cut is left out, and
 * nothing else.
 *
 * @param width In columns: 2 or more, as wide as the widest character.
 */
export function wrap(text: string, width: number): string[] {
  const rows: string[] = [];
  let row = "";
  let used = 0;
  /** Up to the end of the last space in the row: a good place for a cut. */
  let words = "";
  let wordsUsed = 0;
  for (const grapheme of graphemes(text)) {
    const columns = widthOf(grapheme);
    if (used + columns > width && grapheme === " ") {
      rows.push(row);
      [row, used, words, wordsUsed] = ["", 0, "", 0];
      continue;
    }
    // A second time, when what is left after the last word is still too wide.
    while (used > 0 && used + columns > width) {
      const between = words.trim() !== "";
      rows.push(between ? words.trimEnd() : row);
      row = between ? row.slice(words.length) : "";
      used = between ? used - wordsUsed : 0;
      [words, wordsUsed] = ["", 0];
    }
    row += grapheme;
    used += columns;
    if (grapheme === " ") [words, wordsUsed] = [row, used];
  }
  rows.push(row);
  return rows;
}
