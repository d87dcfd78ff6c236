// A whole screen, drawn by Ink: a string for each row.
// JSX is translated so wherever one starts it: tsx finds tsconfig.json only from here.
/** @jsxRuntime automatic */
import { renderToString, Text } from "ink";
import type { ReactNode } from "react";
import { cursorColumn, Input } from "./input.tsx";
import { Sidebar } from "./sidebar.tsx";
import { Status } from "./status.tsx";
import { talkRows } from "./talk.ts";
import { isTooSmall, layoutOf, SMALLEST, type View } from "./view.ts";

export interface FrameRow {
  readonly text: string;
  /** What stands to the right of it, and from which column on (from 0). */
  readonly side?: { readonly text: string; readonly column: number };
}

export interface Frame {
  readonly rows: readonly FrameRow[];
  /** From 0. */
  readonly cursor: { readonly row: number; readonly column: number };
}

/**
 * Draws the screen. Ink lays it out and colours it, but does not write it: its own writer
 * repaints a full screen by clearing the terminal, scrollback and all, at each change.
 *
 * The sidebar has columns of its own, for terminals disagree with us about how wide some
 * emoji are: what is wrong in a row of the talk must not push it aside.
 */
export function draw(view: View): Frame {
  const { size } = view;
  const render = (node: ReactNode, columns: number, rows: number) => {
    const lines = renderToString(node, { columns }).split("\n");
    return Array.from({ length: rows }, (_, row) => lines[row] ?? "");
  };
  if (isTooSmall(size)) {
    const { columns, rows } = SMALLEST;
    const text = `The window is too small: ${columns}x${rows} is needed`;
    const lines = render(<Text>{text}</Text>, size.columns, size.rows);
    return { rows: lines.map((line) => ({ text: line })), cursor: { row: 0, column: 0 } };
  }
  const { talk, sidebar } = layoutOf(size);
  const side = sidebar > 0 ? render(<Sidebar view={view} />, sidebar, talk.rows) : [];
  return {
    rows: [
      ...talkRows(view).map((text, row): FrameRow => {
        const beside = side[row];
        if (beside === undefined) return { text };
        return { text, side: { text: beside, column: talk.columns } };
      }),
      ...render(<Status view={view} />, size.columns, 1).map((text) => ({ text })),
      ...render(<Input view={view} />, size.columns, 1).map((text) => ({ text })),
    ],
    cursor: { row: size.rows - 1, column: cursorColumn(view) },
  };
}
