// Everything that is drawn, and the layout.
import type { Editor } from "./editor.ts";
import type { Size } from "./screen.ts";
import type { Session } from "./session.ts";
import type { Style } from "./style.ts";

export interface View {
  readonly session: Session;
  readonly editor: Editor;
  /** `127.0.0.1:42069` */
  readonly address: string;
  /** A hint to the user, shown until the next key press. */
  readonly hint: string;
  /** The time, by `performance.now()`. */
  readonly now: number;
  readonly size: Size;
  readonly style: Style;
}

/** A smaller window cannot be drawn. */
export const SMALLEST: Size = { columns: 40, rows: 10 };
/** The width from which on there is room for a sidebar. */
const WIDE = 70;
/** The width of the sidebar; 0 when there is none. */
export function sidebarWidth({ columns }: Size): number {
  return columns >= WIDE ? Math.min(26, Math.floor(columns / 4)) : 0;
}

/** The size of the talk, without its marks and one empty column. */
export function talkSize(size: Size): Size {
  return { columns: size.columns - sidebarWidth(size) - 3, rows: size.rows - 2 };
}
