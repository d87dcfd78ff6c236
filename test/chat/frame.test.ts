// What is drawn: wrapping, scrolling, whole screens, and what is written of them.
import { inspect, stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { help } from "../../behaviours/wire.ts";
import { colourOf } from "../../scripts/chat/colour.ts";
import { EMPTY_EDITOR, edit } from "../../scripts/chat/editor.ts";
import { draw, type Frame } from "../../scripts/chat/frame.tsx";
import { width } from "../../scripts/chat/grapheme.ts";
import { paint } from "../../scripts/chat/painter.ts";
import { type Anchor, scroll, unread, visibleRows } from "../../scripts/chat/scroll.ts";
import { initialState, reduce } from "../../scripts/chat/state.ts";
import { partsOf } from "../../scripts/chat/status.tsx";
import type { View } from "../../scripts/chat/view.ts";
import { wrap } from "../../scripts/chat/wrap.ts";

const texts = fc
  .array(
    fc.constantFrom(
      "a",
      "word",
      " ",
      "  ",
      "漢字",
      "👨‍👩‍👧‍👦",
      "❤️",
      "é",
      "🇨🇭",
      "\u0301",
      "ﷺ",
      "1️⃣",
    ),
  )
  .map((parts) => parts.join(""));

describe("wrapping", () => {
  test.each([
    ["", 10, [""]],
    ["short", 10, ["short"]],
    ["exactly te", 10, ["exactly te"]],
    ["cut between words", 10, ["cut", "between", "words"]],
    ["averylongwordindeed", 10, ["averylongw", "ordindeed"]],
    ["  /join {room} - joins", 16, ["  /join {room} -", "joins"]],
    ["漢字漢字漢字", 5, ["漢字", "漢字", "漢字"]],
    ["ab 漢字", 4, ["ab", "漢字"]],
    ["\u0301 1️⃣👨‍👩‍👧‍👦", 3, ["\u0301", "1️⃣", "👨‍👩‍👧‍👦"]],
  ])("%j in %i columns", (text, columns, rows) => {
    expect(wrap(text, columns)).toEqual(rows);
  });

  test("no row is too wide, and nothing but spaces is lost", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 40 }), (text, columns) => {
        const rows = wrap(text, columns);
        for (const row of rows) expect(width(row)).toBeLessThanOrEqual(columns);
        const dense = (value: string) => value.replaceAll(" ", "");
        expect(dense(rows.join(""))).toBe(dense(text));
      }),
      { numRuns: 500 },
    );
  });
});

function stateOf(...lines: string[]) {
  const connected = reduce(initialState(), { kind: "connected" }).state;
  return reduce(connected, { kind: "lines", lines }).state;
}

function viewOf(lines: string[], change: Partial<View> = {}): View {
  return {
    state: stateOf(...help(18), "You are ann", "You joined main", ...lines),
    editor: EMPTY_EDITOR,
    anchor: undefined,
    address: "127.0.0.1:42069",
    hint: "",
    now: 0,
    size: { columns: 80, rows: 24 },
    colours: false,
    ...change,
  };
}

describe("scrolling", () => {
  const entries = stateOf(...Array.from({ length: 100 }, (_, n) => `${n}`)).entries;
  const window = { entries, width: 40, height: 10 };
  const shown = (anchor: Anchor | undefined, from = window) =>
    visibleRows(from, anchor).map(({ text }) => Number(text));
  const range = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => from + index);

  test("follows the talk, and shows less when there is less", () => {
    expect(shown(undefined)).toEqual(range(90, 100));
    expect(shown(undefined, { ...window, entries: entries.slice(0, 3) })).toEqual([
      0, 1, 2,
    ]);
    expect(shown(undefined, { ...window, entries: [] })).toEqual([]);
  });

  test("goes up to the beginning and down to the end", () => {
    const up = scroll(window, undefined, -9);
    expect(shown(up)).toEqual(range(81, 91));
    const top = scroll(window, up, -1000);
    expect(shown(top)).toEqual(range(0, 10));
    expect(shown(scroll(window, top, 5))).toEqual(range(5, 15));
    expect(scroll(window, top, 1000)).toBeUndefined();
    expect(scroll(window, scroll(window, undefined, -1), 1)).toBeUndefined();
  });

  test("does not move where all is seen", () => {
    const few = { ...window, entries: entries.slice(0, 3) };
    expect(scroll(few, undefined, -5)).toBeUndefined();
    expect(scroll({ ...window, entries: [] }, undefined, -5)).toBeUndefined();
  });

  test("stays where it is when more comes, and counts it", () => {
    const anchor = scroll({ ...window, entries: entries.slice(0, 50) }, undefined, -9);
    expect(shown(anchor)).toEqual(range(31, 41));
    expect(unread(window, anchor)).toBe(50);
    expect(unread(window, scroll(window, anchor, 19))).toBe(40);
    expect(unread(window, undefined)).toBe(0);
  });

  test("shows the oldest that there are when older ones went", () => {
    const top = scroll(window, undefined, -1000);
    expect(shown(top, { ...window, entries: entries.slice(50) })).toEqual(range(50, 60));
  });

  test("goes through an entry that is longer than the window, row by row", () => {
    const long = Array.from({ length: 30 }, (_, n) => `row${n}`.padEnd(38, ".")).join("");
    const state = stateOf("first", long, "last");
    const tall = { entries: state.entries, width: 40, height: 10 };
    const first = (anchor: Anchor | undefined) => visibleRows(tall, anchor)[0]?.text;
    let anchor = scroll(tall, undefined, -9);
    expect(first(anchor)).toMatch(/^row12\./);
    anchor = scroll(tall, anchor, -9);
    expect(first(anchor)).toMatch(/^row3\./);
    anchor = scroll(tall, anchor, -9);
    expect(first(anchor)).toBe("first");
    expect(first(scroll(tall, anchor, 9))).toMatch(/^row8\./);
    // Narrower, it has more rows; so wide, all of them fit.
    expect(visibleRows({ ...tall, width: 20 }, anchor)).toHaveLength(10);
    expect(visibleRows({ ...tall, width: 200 }, anchor)).toHaveLength(8);
  });
});

describe("a screen", () => {
  /** Without colours. */
  const plain = ({ rows }: Frame) =>
    rows.map(({ text, side }) => stripVTControlCharacters(text + (side?.text ?? "")));

  test("has the talk, the rooms, the users, the status and the input", () => {
    const view = viewOf(["bob: hi there", "Rooms - main (2), attic (1)"], {
      editor: edit(EMPTY_EDITOR, { kind: "insert", text: "hello" }),
    });
    const frame = draw(view);
    const screen = plain(frame);
    expect(screen).toHaveLength(24);
    const all = screen.join("\n");
    for (const text of [
      "  bob: hi there",
      "> main 2",
      "  attic 1",
      "Users 2",
      "> ann",
      "  bob",
    ]) {
      expect(all).toContain(text);
    }
    expect(screen[22]).toMatch(/^── ann in main ── 127.0.0.1:42069 ── connected ─+$/);
    expect(screen[23]).toBe("> hello");
    expect(frame.cursor).toEqual({ row: 23, column: 7 });
  });

  test("says the same with colours and without", () => {
    const view = viewOf([
      "bob: hi there",
      "ann: hi",
      "ann left",
      `bob: ${"x".repeat(99)}`,
    ]);
    const state = reduce(view.state, { kind: "lost", reason: "x", until: 0 }).state;
    const coloured = draw({ ...view, state, colours: true });
    expect(plain(coloured)).toEqual(
      draw({ ...view, state }).rows.map(({ text, side }) => text + (side?.text ?? "")),
    );
    const codes = coloured.rows.map(({ text }) => text).join("");
    expect(codes).toContain(
      `\x1b[${inspect.colors[colourOf("bob")]?.[0]}mbob\x1b[39m: hi there`,
    );
  });

  test("is narrow without a sidebar", () => {
    const frame = draw(viewOf(["bob: hi"], { size: { columns: 60, rows: 24 } }));
    expect(frame.rows.every(({ side }) => side === undefined)).toBe(true);
    expect(plain(frame).join("\n")).not.toContain("Users");
  });

  test("says that it is too small", () => {
    const screen = plain(draw(viewOf([], { size: { columns: 30, rows: 5 } })));
    expect(screen.join(" ")).toContain("The window is too small: 40x10");
    expect(screen).toHaveLength(5);
  });

  test("says how many users and rooms do not fit", () => {
    const names = Array.from({ length: 50 }, (_, n) => `user${n}`);
    const rooms = names.map((name) => `${name} (1)`);
    const view = viewOf([`Users - ${names.join(", ")}`, `Rooms - ${rooms.join(", ")}`]);
    const screen = plain(draw(view)).join("\n");
    expect(screen.match(/… \d+ more/g)).toEqual(["… 42 more", "… 41 more"]);
    expect(screen).toContain("Users 50");
  });

  test("never is larger than the terminal, whatever is said in it", () => {
    const sizes = fc.record({
      columns: fc.integer({ min: 1, max: 130 }),
      rows: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(
        fc.array(texts, { maxLength: 30 }),
        sizes,
        texts,
        (said, size, typed) => {
          const lines = said.map((text, index) => `user${index}: ${text}`);
          const editor = edit(EMPTY_EDITOR, { kind: "insert", text: typed });
          const frame = draw(viewOf(lines, { size, editor, hint: typed }));
          expect(frame.rows).toHaveLength(size.rows);
          expect(frame.cursor.column).toBeLessThan(size.columns);
          for (const { text, side } of frame.rows) {
            expect(width(text)).toBeLessThanOrEqual(side?.column ?? size.columns);
            if (side)
              expect(width(side.text)).toBeLessThanOrEqual(size.columns - side.column);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("the status line", () => {
  const line = (view: View, columns: number) =>
    partsOf(view, columns).map(({ text }) => text);

  test("leaves out first what matters least", () => {
    const view = viewOf([]);
    expect(line(view, 80)).toEqual(["ann in main", "127.0.0.1:42069", "connected"]);
    expect(line(view, 40)).toEqual(["ann in main", "connected"]);
    expect(line(view, 20)).toEqual(["ann in main"]);
  });

  test("counts down to the next attempt", () => {
    const view = viewOf([]);
    const { state } = reduce(view.state, { kind: "lost", reason: "x", until: 12_000 });
    expect(line({ ...view, state }, 80)).toContain("reconnecting in 12 s");
    expect(line({ ...view, state, now: 11_900 }, 40)).toContain("reconnecting in 1 s");
  });

  test("shows the choice of Tab, and what is unread", () => {
    const vocabulary = { commands: [], users: ["bea", "bob"], rooms: [] };
    const typed = edit(EMPTY_EDITOR, { kind: "insert", text: "b" });
    const editor = edit(typed, { kind: "complete", vocabulary, by: 1 });
    const anchor = { id: 0, hidden: 0, seen: 5 };
    const parts = line(viewOf([], { editor, anchor }), 100);
    expect(parts).toContain("[bea] bob");
    expect(parts).toContain("3 unread ↓");
  });
});

test("a name keeps its colour, and not all have the same", () => {
  expect(colourOf("ann")).toBe(colourOf("ann"));
  const names = Array.from({ length: 100 }, (_, n) => `user${n}`);
  expect(new Set(names.map(colourOf)).size).toBeGreaterThan(5);
});

describe("the painter", () => {
  const frame = (...rows: string[]): Frame => ({
    rows: rows.map((text) => ({ text })),
    cursor: { row: 1, column: 2 },
  });

  test("paints all of an unknown screen, and of a known one what has changed", () => {
    const all = paint(undefined, frame("one", "two"));
    expect(all).toContain("\x1b[2J");
    expect(all).toContain("\x1b[1;1H\x1b[2Kone\x1b[2;1H\x1b[2Ktwo");
    const some = paint(frame("one", "two"), frame("one", "2"));
    expect(some).not.toContain("one");
    expect(some).toContain("\x1b[2;1H\x1b[2K2");
    expect(some.indexOf("\x1b[2;3H")).toBeGreaterThan(some.indexOf("2K2"));
  });

  test("writes nothing when nothing changed, and only the cursor when that did", () => {
    expect(paint(frame("one"), frame("one"))).toBe("");
    const moved = { ...frame("one"), cursor: { row: 0, column: 0 } };
    expect(paint(frame("one"), moved)).toBe("\x1b[1;1H\x1b[?25h");
  });

  test("puts the sidebar where it belongs, however wide the row is", () => {
    const row = { text: "👨‍👩‍👧", side: { text: "│", column: 60 } };
    expect(paint(undefined, { ...frame(), rows: [row] })).toContain("👨‍👩‍👧\x1b[61G│");
  });
});
