// What is on the screen, before it is drawn: all that the components need to know.
import type { Editor } from "./editor.ts";
import type { Anchor } from "./scroll.ts";
import type { State } from "./state.ts";

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface View {
  readonly state: State;
  readonly editor: Editor;
  /** Undefined when the talk is followed. */
  readonly anchor: Anchor | undefined;
  /** `127.0.0.1:42069` */
  readonly address: string;
  /** A word to the person at the keyboard, until the next key. */
  readonly hint: string;
  readonly now: number;
  readonly size: Size;
  readonly colours: boolean;
}

/** Less than this cannot be drawn. */
export const SMALLEST: Size = { columns: 40, rows: 10 };
/** From this width on there is room for a sidebar. */
const WIDE = 70;

/** Where the parts of the screen are, in columns and rows. */
export interface Layout {
  readonly talk: Size;
  /** 0 when there is none. */
  readonly sidebar: number;
}

/** Cuts the screen into its parts. Below the talk are the status and the input line. */
export function layoutOf({ columns, rows }: Size): Layout {
  const sidebar = columns >= WIDE ? Math.min(26, Math.floor(columns / 4)) : 0;
  return { talk: { columns: columns - sidebar, rows: rows - 2 }, sidebar };
}

/** Whether it is too small to be drawn. */
export function isTooSmall({ columns, rows }: Size): boolean {
  return columns < SMALLEST.columns || rows < SMALLEST.rows;
}

/** The window of the talk, for `scroll`. */
export function windowOf({ state, size }: Pick<View, "state" | "size">) {
  const { talk } = layoutOf(size);
  // A column stays empty, between the talk and what stands beside it.
  return { entries: state.entries, width: talk.columns - 1, height: talk.rows };
}
