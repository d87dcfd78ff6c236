// What is drawn: wrapping, scrolling, whole screens, and what is written of them.
import { inspect, stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import width from "string-width";
import { describe, expect, test } from "vitest";
import { help } from "../../behaviours/wire.ts";
import { Editor } from "../../scripts/chat/editor.ts";
import { draw } from "../../scripts/chat/frame.ts";
import { type Frame, Screen } from "../../scripts/chat/screen.ts";
import { Session } from "../../scripts/chat/session.ts";
import { statusLine } from "../../scripts/chat/status.ts";
import { coloured, colourOf, plain } from "../../scripts/chat/style.ts";
import { Talk } from "../../scripts/chat/talk.ts";
import { wrap } from "../../scripts/chat/text.ts";
import type { View } from "../../scripts/chat/view.ts";

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

function sessionOf(...lines: string[]): Session {
  const session = new Session();
  session.take({ kind: "connected", send: () => {} });
  session.take({ kind: "lines", lines });
  return session;
}

function typed(text: string): Editor {
  const editor = new Editor();
  editor.insert(text);
  return editor;
}

function viewOf(lines: string[], change: Partial<View> = {}): View {
  return {
    session: sessionOf(...help(18), "You are ann", "You joined main", ...lines),
    editor: new Editor(),
    address: "127.0.0.1:42069",
    hint: "",
    now: 0,
    size: { columns: 80, rows: 24 },
    style: plain,
    ...change,
  };
}

describe("scrolling", () => {
  const size = { columns: 38, rows: 10 };
  /** A talk of the numbers up to, not including, `count`. */
  const talkOf = (count: number) => {
    const talk = new Talk();
    say(talk, 0, count);
    talk.window(size);
    return talk;
  };
  const say = (talk: Talk, from: number, to: number) => {
    for (const number of range(from, to)) talk.add("said", `${number}`);
  };
  const shown = (talk: Talk, rows = 10) =>
    talk.window({ ...size, rows }).map(({ text }) => Number(text));
  const range = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => from + index);

  test("follows the talk, and shows less when there is less", () => {
    expect(shown(talkOf(100))).toEqual(range(90, 100));
    expect(shown(talkOf(3))).toEqual([0, 1, 2]);
    expect(shown(talkOf(0))).toEqual([]);
  });

  test("goes up to the beginning and down to the end", () => {
    const talk = talkOf(100);
    talk.scroll(-9);
    expect(shown(talk)).toEqual(range(81, 91));
    talk.scroll(-1000);
    expect(shown(talk)).toEqual(range(0, 10));
    talk.scroll(5);
    expect(shown(talk)).toEqual(range(5, 15));
    expect(talk.follows).toBe(false);
    talk.scroll(1000);
    expect(talk.follows).toBe(true);
    talk.scroll(-1);
    expect(talk.follows).toBe(false);
    talk.scroll(1);
    expect(talk.follows).toBe(true);
  });

  test("does not move where all is seen", () => {
    for (const count of [0, 3, 10]) {
      const talk = talkOf(count);
      talk.scroll(-5);
      expect(talk.follows).toBe(true);
      expect(shown(talk)).toEqual(range(0, count));
    }
  });

  test("stays where it is when more comes, and counts it", () => {
    const talk = talkOf(50);
    talk.scroll(-9);
    say(talk, 50, 100);
    expect(shown(talk)).toEqual(range(31, 41));
    expect(talk.unread).toBe(50);
    talk.scroll(19);
    expect(shown(talk)).toEqual(range(50, 60));
    expect(talk.unread).toBe(50);
    talk.follow();
    expect(shown(talk)).toEqual(range(90, 100));
    expect(talk.unread).toBe(0);
  });

  test("shows the oldest that there are when older ones went", () => {
    const talk = talkOf(50);
    talk.scroll(-1000);
    say(talk, 50, 6000);
    expect(shown(talk)).toEqual(range(1000, 1010));
  });

  test("is full when the window grows", () => {
    const talk = talkOf(50);
    talk.scroll(-9);
    expect(shown(talk, 30)).toEqual(range(11, 41));
    expect(shown(talk)).toEqual(range(31, 41));
    expect(shown(talk, 45)).toEqual(range(0, 45));
  });

  test("keeps its last entry when the width changes", () => {
    const talk = new Talk();
    for (const number of range(0, 50)) talk.add("said", `${number} ${"word ".repeat(9)}`);
    const last = () => Number.parseInt(talk.window(size).at(-1)?.entry.text ?? "", 10);
    last();
    talk.scroll(-20);
    expect(last()).toBe(39);
    for (const columns of [20, 100, 10]) {
      expect(talk.window({ ...size, columns }).at(-1)?.entry.text).toMatch(/^39 /);
    }
  });

  test("goes through an entry that is longer than the window, row by row", () => {
    const talk = new Talk();
    const long = Array.from({ length: 30 }, (_, n) => `row${n}`.padEnd(38, ".")).join("");
    for (const text of ["first", long, "last"]) talk.add("said", text);
    const first = () => talk.window(size)[0]?.text;
    const firstAfter = (by: number) => {
      talk.window(size);
      talk.scroll(by);
      return first();
    };
    expect(firstAfter(-9)).toMatch(/^row12\./);
    expect(firstAfter(-9)).toMatch(/^row3\./);
    expect(firstAfter(-9)).toBe("first");
    expect(firstAfter(9)).toMatch(/^row8\./);
    // Narrower, it has more rows; so wide, all of them fit.
    expect(talk.window({ ...size, columns: 18 })).toHaveLength(10);
    expect(talk.window({ ...size, columns: 198 })).toHaveLength(8);
  });
});

describe("a screen", () => {
  /** Without colours. */
  const textsOf = ({ rows }: Frame) => rows.map((row) => stripVTControlCharacters(row));

  test("has the talk, the rooms, the users, the status and the input", () => {
    const view = viewOf(
      ["bob: hi there", "Rooms - main (2), attic (1)", "Users - ann, bob"],
      {
        editor: typed("hello"),
      },
    );
    const frame = draw(view);
    const screen = textsOf(frame);
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
    expect(frame.column).toBe(7);
  });

  test("says the same with colours and without", () => {
    const view = viewOf([
      "bob: hi there",
      "ann: hi",
      "ann left",
      `bob: ${"x".repeat(99)}`,
    ]);
    view.session.take({ kind: "lost", reason: "x", until: 0 });
    const inColours = draw({ ...view, style: coloured });
    expect(textsOf(inColours)).toEqual(textsOf(draw(view)));
    expect(draw(view).rows.join("").replaceAll("\x1b[61G", "")).not.toContain("\x1b");
    expect(inColours.rows.join("")).toContain(
      `\x1b[${inspect.colors[colourOf("bob")]?.[0]}mbob\x1b[39m: hi there`,
    );
  });

  test("is narrow without a sidebar", () => {
    const frame = draw(viewOf(["bob: hi"], { size: { columns: 60, rows: 24 } }));
    expect(frame.rows.join("")).not.toContain("│");
    expect(textsOf(frame).join("\n")).not.toContain("Users");
  });

  test("says that it is too small", () => {
    const screen = textsOf(draw(viewOf([], { size: { columns: 30, rows: 5 } })));
    expect(screen.join(" ")).toContain("The window is too small: 40x10");
    expect(screen).toHaveLength(5);
  });

  test("says how many users and rooms do not fit", () => {
    const names = Array.from({ length: 50 }, (_, n) => `user${n}`);
    const rooms = names.map((name) => `${name} (1)`);
    const view = viewOf([`Users - ${names.join(", ")}`, `Rooms - ${rooms.join(", ")}`]);
    const screen = textsOf(draw(view)).join("\n");
    expect(screen.match(/… \d+ more/g)).toEqual(["… 42 more", "… 41 more"]);
    expect(screen).toContain("Users 50");
  });

  test("counts the users of the current room once, whatever it counts them from", () => {
    const view = viewOf(["Rooms - main (3), attic (1)"]);
    const screen = () => textsOf(draw(view)).join("\n");
    expect(screen()).toMatch(/> main 3\n[\s\S]*Users\n/);
    const hear = (...lines: string[]) => view.session.take({ kind: "lines", lines });
    hear("Users - ann, bob, cleo, dora");
    expect(screen()).toMatch(/> main 4\n[\s\S]*Users 4\n/);
    hear("cleo left", "dora left");
    expect(screen()).toMatch(/> main 2\n[\s\S]*Users 2\n/);
    expect(screen()).toContain("attic 1");
  });

  test("does not count users that the server does not list", () => {
    const session = sessionOf(...help(15), "You are ann", "ann joined main", "bob: hi");
    session.take({ kind: "lines", lines: ["Rooms - main (3)"] });
    const screen = textsOf(draw({ ...viewOf([]), session })).join("\n");
    expect(screen).toMatch(/> main 3\n[\s\S]*Users seen\n.*> ann\n.* {2}bob\n/);
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
        (said, size, text) => {
          const lines = said.map((line, index) => `user${index}: ${line}`);
          const frame = draw(viewOf(lines, { size, editor: typed(text), hint: text }));
          expect(frame.rows).toHaveLength(size.rows);
          expect(frame.column).toBeLessThan(size.columns);
          for (const row of frame.rows) {
            const [left = "", side] = row.split("\x1b[");
            const column =
              side === undefined ? size.columns : Number.parseInt(side, 10) - 1;
            expect(width(left)).toBeLessThanOrEqual(column);
            const beside = side?.replace(/^\d+G/, "") ?? "";
            expect(width(beside)).toBeLessThanOrEqual(size.columns - column);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("the status line", () => {
  /** Its parts. */
  const line = (view: View, columns: number) =>
    statusLine({ ...view, size: { columns, rows: 24 } })
      .split(/─{2,}/)
      .map((text) => text.trim())
      .filter((text) => text !== "");

  test("leaves out first what matters least", () => {
    const view = viewOf([]);
    expect(line(view, 80)).toEqual(["ann in main", "127.0.0.1:42069", "connected"]);
    expect(line(view, 40)).toEqual(["ann in main", "connected"]);
    expect(line(view, 20)).toEqual(["ann in main"]);
  });

  test("counts down to the next attempt", () => {
    const view = viewOf([]);
    view.session.take({ kind: "lost", reason: "x", until: 12_000 });
    expect(line(view, 80)).toContain("reconnecting in 12 s");
    expect(line({ ...view, now: 11_900 }, 40)).toContain("reconnecting in 1 s");
  });

  test("shows the choice of Tab, and what is unread", () => {
    const vocabulary = { commands: [], users: ["bea", "bob"], rooms: [] };
    const editor = typed("b");
    editor.complete(1, vocabulary);
    const view = viewOf(Array(30).fill("bob: hi"), { editor });
    draw(view);
    view.session.talk.scroll(-1);
    for (let n = 0; n < 3; n += 1) view.session.talk.add("said", "news");
    const parts = line(view, 100);
    expect(parts).toContain("[bea] bob");
    expect(parts).toContain("3 unread ↓");
  });
});

test("a name keeps its colour, and not all have the same", () => {
  expect(colourOf("ann")).toBe(colourOf("ann"));
  const names = Array.from({ length: 100 }, (_, n) => `user${n}`);
  expect(new Set(names.map(colourOf)).size).toBeGreaterThan(5);
});

describe("the terminal", () => {
  const frame = (...rows: string[]): Frame => ({ rows, column: 2 });
  const open = () => {
    const written: string[] = [];
    const write = (text: string) => written.push(text) > 0;
    const raw: boolean[] = [];
    const setRawMode = (mode: boolean) => void raw.push(mode);
    // biome-ignore lint/suspicious/noExplicitAny: a part of a terminal
    const screen = new Screen({ setRawMode } as any, { write } as any);
    /** What is written to show it. */
    const show = (next: Frame) => {
      written.length = 0;
      screen.show(next);
      return written.join("");
    };
    return { screen, show, written, raw };
  };

  test("paints all of an unknown screen, and of a known one what has changed", () => {
    const { screen, show } = open();
    const all = "\x1b[1;1H\x1b[2Kone\x1b[2;1H\x1b[2Ktwo";
    expect(show(frame("one", "two"))).toContain(all);
    const some = show(frame("one", "2"));
    expect(some).not.toContain("one");
    expect(some).toContain("\x1b[2;1H\x1b[2K2");
    expect(some.indexOf("\x1b[2;3H")).toBeGreaterThan(some.indexOf("2K2"));
    screen.forget();
    expect(show(frame("one", "two"))).toContain(all);
  });

  test("writes nothing when nothing changed, and only the cursor when that did", () => {
    const { show } = open();
    show(frame("one"));
    expect(show(frame("one"))).toBe("");
    const moved = show({ ...frame("one"), column: 0 });
    expect(moved).toContain("\x1b[1;1H");
    expect(moved).not.toContain("one");
  });

  test("is given back once", () => {
    const { screen, written, raw } = open();
    screen.leave();
    expect(written).toEqual([]);
    screen.enter();
    screen.leave();
    screen.leave();
    expect(raw).toEqual([true, false]);
    expect(written).toHaveLength(2);
    expect(written[1]).toContain("\x1b[?1049l");
  });
});

test("puts the sidebar into its columns, however wide the row is", () => {
  const { rows } = draw(viewOf(["bob: 👨‍👩‍👧"]));
  expect(rows.find((row) => row.includes("👨‍👩‍👧"))).toContain("\x1b[61G│");
});
