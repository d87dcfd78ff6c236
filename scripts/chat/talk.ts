// The talk: what was said and what happened, and the visible window of it.
import type { Size } from "./screen.ts";
import { wrap } from "./text.ts";

/** How many entries are kept. */
const MAX_ENTRIES = 5000;

/** A line of the talk. */
interface Entry {
  /** `notice`: from the server. `client`: from this program. */
  readonly kind: "said" | "own" | "notice" | "client";
  readonly text: string;
  /** The speaker. */
  readonly name: string | undefined;
}

/** A part of an entry, as wide as the window; `first` for its first row. */
export interface Row {
  readonly entry: Entry;
  readonly text: string;
  readonly first: boolean;
}

export class Talk {
  readonly entries: Entry[] = [];
  #size: Size = { columns: 80, rows: 24 };
  /** How many rows are below the window. With 0, the window follows the talk. */
  #below = 0;
  /** The last entry in the window. */
  #bottom: Entry | undefined;
  /** How many entries arrived while the window did not follow. */
  unread = 0;
  /** Entries are wrapped when they are about to be shown, not when they arrive. */
  #wrapped = new WeakMap<Entry, Row[]>();

  add(kind: Entry["kind"], text: string, name?: string): void {
    const entry = { kind, text, name };
    this.entries.push(entry);
    if (this.entries.length > MAX_ENTRIES) this.entries.shift();
    if (this.follows) return;
    this.unread += 1;
    this.#below += this.#wrap(entry).length;
  }

  /** Whether the window shows the newest entries. */
  get follows(): boolean {
    return this.#below === 0;
  }

  /** Moves the window to the newest rows, where it then stays. */
  follow(): void {
    this.#below = 0;
  }

  /** Scrolls the window by a number of rows; a negative number scrolls up. */
  scroll(by: number): void {
    this.#below = Math.max(0, this.#below - by);
    this.window(this.#size);
  }

  /** The rows in a window of the given size, the newest last. */
  window(size: Size): Row[] {
    if (size.columns !== this.#size.columns) this.#rewrap(size);
    this.#size = size;
    const rows: Row[] = [];
    for (const entry of this.entries.toReversed()) {
      if (rows.length >= this.#below + size.rows) break;
      rows.push(...this.#wrap(entry).toReversed());
    }
    this.#below = Math.max(0, Math.min(this.#below, rows.length - size.rows));
    const shown = rows.slice(this.#below, this.#below + size.rows).reverse();
    this.#bottom = shown.at(-1)?.entry;
    if (this.follows) this.unread = 0;
    return shown;
  }

  /** Rewraps everything for another width. The entry at the bottom stays there. */
  #rewrap(size: Size): void {
    this.#size = size;
    this.#wrapped = new WeakMap();
    if (this.#bottom === undefined || this.follows) return;
    const below = this.entries.slice(this.entries.indexOf(this.#bottom) + 1);
    this.#below = below.flatMap((entry) => this.#wrap(entry)).length;
  }

  #wrap(entry: Entry): Row[] {
    let rows = this.#wrapped.get(entry);
    if (rows === undefined) {
      const texts = wrap(entry.text, this.#size.columns);
      rows = texts.map((text, index) => ({ entry, text, first: index === 0 }));
      this.#wrapped.set(entry, rows);
    }
    return rows;
  }
}
