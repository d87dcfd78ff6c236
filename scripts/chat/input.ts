// The visible part of the input line, which scrolls sideways when the text is longer.
import width from "string-width";
import type { Editor } from "./editor.ts";
import { fitting, graphemes } from "./text.ts";

/** How many columns after the cursor always stay visible. */
const AHEAD = 8;
/** No terminal shows more characters in one row. */
const REACH = 2000;

/** The visible part in the given number of columns, and the column of the cursor. */
export function portion({ text, cursor }: Editor, columns: number) {
  const parts = (from: number, to: number) =>
    graphemes(text.slice(Math.max(0, from), to).replaceAll("\n", "↵"));
  const [left, right] = [parts(cursor - REACH, cursor), parts(cursor, cursor + REACH)];
  // One column for the cursor, which may be after the end of the text.
  const ahead = Math.max(1, width(fitting(right, AHEAD).join("")));
  const seen = fitting(left.reverse(), columns - ahead)
    .reverse()
    .join("");
  const column = width(seen);
  return { text: seen + fitting(right, columns - column).join(""), column };
}
