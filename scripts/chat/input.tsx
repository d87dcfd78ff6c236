// The input line, which moves sideways under a text that is longer.
/** @jsxRuntime automatic */
import { Text } from "ink";
import type { Editor } from "./editor.ts";
import { graphemes, width as widthOf } from "./grapheme.ts";
import type { View } from "./view.ts";

const PROMPT = "> ";
/** So much of what follows the cursor is always seen, in columns. */
const AHEAD = 8;
/** No terminal shows more characters in a line. */
const REACH = 2000;

/** What is seen of the text in so many columns, and in which of them the cursor is. */
export function portion({ text, cursor }: Editor, columns: number) {
  const left = [...graphemes(text.slice(Math.max(0, cursor - REACH), cursor))].map(shown);
  const right = [...graphemes(text.slice(cursor, cursor + REACH))].map(shown);
  const rightWidth = right.slice(0, AHEAD).reduce((sum, part) => sum + widthOf(part), 0);
  // One column for the cursor, which may stand behind the text.
  const before = fill(left.reverse(), columns - Math.max(1, Math.min(AHEAD, rightWidth)));
  const column = before.reduce((sum, part) => sum + widthOf(part), 0);
  const after = fill(right, columns - column);
  return { text: [...before.reverse(), ...after].join(""), column };
}

const shown = (grapheme: string) => (grapheme === "\n" ? "↵" : grapheme);

/** The first graphemes, as many as fit. */
function fill(parts: readonly string[], columns: number): string[] {
  let used = 0;
  const over = parts.findIndex((part) => {
    used += widthOf(part);
    return used > columns;
  });
  return parts.slice(0, over === -1 ? parts.length : over);
}

/** In which column of the screen the cursor is, from 0. */
export function cursorColumn({ editor, size }: View): number {
  return PROMPT.length + portion(editor, size.columns - PROMPT.length).column;
}

/** The prompt and the text. */
export function Input({ view: { editor, size } }: { readonly view: View }) {
  return (
    <Text wrap="truncate">
      <Text bold>{PROMPT}</Text>
      {portion(editor, size.columns - PROMPT.length).text}
    </Text>
  );
}
