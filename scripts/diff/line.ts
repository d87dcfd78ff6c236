// A line of a file that is compared, and a line of the resulting diff.

export interface Line {
  /** Without its line feed; a carriage return before that stays. */
  readonly text: string;
  /** Its number in the file, from 1, counting hidden lines. */
  readonly number: number;
  /** Whether a line feed ends it: only a file's last line can be without. */
  readonly ended: boolean;
}

/** A line of a unified diff. */
export interface Row {
  readonly kind: "same" | "removed" | "added";
  /** Without its line feed. */
  readonly text: string;
  /** In the old file, from 1; undefined when added. */
  readonly oldNumber: number | undefined;
  /** In the new file, from 1; undefined when removed. */
  readonly newNumber: number | undefined;
  /** Whether a line feed ends it: only a file's last line can be without. */
  readonly ended: boolean;
}

/** Marks for the pages, which mean nothing to a reader of the code. */
const REGION = /^\s*\/\/ #(?:end)?region\b/;

/**
 * The lines of a text. An empty text has none.
 *
 * @param regions Whether to leave out the lines `// #region …` and `// #endregion`.
 */
export function linesOf(text: string, regions: "hide" | "keep"): Line[] {
  const parts = text.split("\n");
  const last = parts.length - 1;
  return parts
    .map((part, index) => ({ text: part, number: index + 1, ended: index < last }))
    .filter((line) => line.ended || line.text !== "")
    .filter((line) => regions === "keep" || !REGION.test(line.text));
}
