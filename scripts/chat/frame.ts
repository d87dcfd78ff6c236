// The contents of the screen: the talk, the sidebar next to it, the status and the input
// line.
import { portion } from "./input.ts";
import type { Frame } from "./screen.ts";
import { sidebarRows } from "./sidebar.ts";
import { statusLine } from "./status.ts";
import { colourOf, type Style } from "./style.ts";
import type { Row } from "./talk.ts";
import { wrap } from "./text.ts";
import { SMALLEST, sidebarWidth, talkSize, type View } from "./view.ts";

/** Marks who is speaking where there are no colours. */
const MARKS = { said: "  ", own: "> ", notice: "* ", client: "! " };
const PROMPT = "> ";

/** Draws the screen. */
export function draw(view: View): Frame {
  const { session, editor, size, style } = view;
  if (size.columns < SMALLEST.columns || size.rows < SMALLEST.rows) {
    const text = `The window is too small: ${SMALLEST.columns}x${SMALLEST.rows} is needed`;
    const rows = wrap(text, size.columns).concat(Array(size.rows).fill(""));
    return { rows: rows.slice(0, size.rows), column: 0 };
  }
  const talk = talkSize(size);
  const said = session.talk.window(talk).map((row) => drawRow(row, style));
  const side = sidebarRows(session, { ...talk, columns: sidebarWidth(size) }, style);
  // By its column, because terminals differ from us in the width of some emoji.
  const place = `\x1b[${size.columns - sidebarWidth(size) + 1}G`;
  const input = portion(editor, size.columns - PROMPT.length);
  return {
    rows: [
      ...side.map((beside, index) => {
        const row = said[index - talk.rows + said.length] ?? "";
        return beside === "" ? row : row + place + beside;
      }),
      statusLine(view),
      style("bold", PROMPT) + input.text,
    ],
    column: PROMPT.length + input.column,
  };
}

function drawRow({ entry: { kind, name = "" }, first, text }: Row, style: Style): string {
  // The lines of a help text belong to its title.
  const marked = first && !(kind === "notice" && text.startsWith(" "));
  const mark = marked ? MARKS[kind] : "  ";
  if (kind === "notice") return style("dim", mark + text);
  if (kind === "client") return style("yellow", mark + text);
  // A name wider than the row continues in the next one, uncoloured.
  const speaker = first && text.startsWith(name) ? name : "";
  const start = mark + style(colourOf(name), speaker);
  return (kind === "own" ? style("bold", start) : start) + text.slice(speaker.length);
}
