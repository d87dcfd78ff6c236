// What there is to draw, and where it goes.
import type { Editor } from "./editor.ts";
import type { Size } from "./screen.ts";
import type { Session } from "./session.ts";
import type { Style } from "./style.ts";

export interface View {
  readonly session: Session;
  readonly editor: Editor;
  /** `127.0.0.1:42069` */
  readonly address: string;
  /** A word to the user, until the next key. */
  readonly hint: string;
  /** Of `performance.now()`. */
  readonly now: number;
  readonly size: Size;
  readonly style: Style;
}

/** Less than this cannot be drawn. */
export const SMALLEST: Size = { columns: 40, rows: 10 };
/** From this width on there is room for a sidebar. */
const WIDE = 70;
/** How wide the sidebar is: 0 when there is none. */
export function sidebarWidth({ columns }: Size): number {
  return columns >= WIDE ? Math.min(26, Math.floor(columns / 4)) : 0;
}

/** The size of the talk, without its marks and a column that stays empty. */
export function talkSize(size: Size): Size {
  return { columns: size.columns - sidebarWidth(size) - 3, rows: size.rows - 2 };
}
