// What is seen of the input line, which moves sideways under a text that is longer.
import width from "string-width";
import type { Editor } from "./editor.ts";
import { fitting, graphemes } from "./text.ts";

/** So much of what follows the cursor is always seen, in columns. */
const AHEAD = 8;
/** No terminal shows more characters in a line. */
const REACH = 2000;

/** What is seen of the input line in so many columns, and in which the cursor is. */
export function portion({ text, cursor }: Editor, columns: number) {
  const parts = (from: number, to: number) =>
    graphemes(text.slice(Math.max(0, from), to).replaceAll("\n", "↵"));
  const [left, right] = [parts(cursor - REACH, cursor), parts(cursor, cursor + REACH)];
  // One column for the cursor, which may stand behind the text.
  const ahead = Math.max(1, width(fitting(right, AHEAD).join("")));
  const seen = fitting(left.reverse(), columns - ahead)
    .reverse()
    .join("");
  const column = width(seen);
  return { text: seen + fitting(right, columns - column).join(""), column };
}
