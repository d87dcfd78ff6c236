// The talk: what was said, and what happened.
import { colourOf, styled } from "./colour.ts";
import { GUTTER, type Row, visibleRows } from "./scroll.ts";
import { layoutOf, type View, windowOf } from "./view.ts";

/** Who speaks can be seen without colours too. */
const MARKS = { said: " ", own: ">", notice: "*", client: "!" };

/**
 * The rows in the window, the newest at the bottom.
 *
 * Not by Ink: it remembers the width of every text that it has ever drawn, which would be
 * all that was ever said.
 */
export function talkRows(view: View): string[] {
  const rows = visibleRows(windowOf(view), view.anchor).map((row) =>
    drawRow(row, view.colours),
  );
  const empty = layoutOf(view.size).talk.rows - rows.length;
  return [...Array.from({ length: empty }, () => ""), ...rows];
}

function drawRow({ entry, text, first }: Row, colours: boolean): string {
  const { kind, name } = entry;
  // The lines of a help text belong to their title.
  const marked = first && !(kind === "notice" && text.startsWith(" "));
  const gutter = (marked ? MARKS[kind] : "").padEnd(GUTTER);
  if (!colours) return gutter + text;
  if (kind === "notice") return styled(gutter + text, "dim");
  if (kind === "client") return styled(gutter + text, "yellow");
  const weight = kind === "own" ? (["bold"] as const) : [];
  // A name that is wider than the row goes on in the next, without its colour.
  const speaker = first && name !== undefined && text.startsWith(name) ? name : "";
  return (
    styled(gutter, ...weight) +
    styled(speaker, colourOf(speaker), ...weight) +
    text.slice(speaker.length)
  );
}
