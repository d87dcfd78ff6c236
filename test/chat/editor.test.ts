// The input line, completion, and what of it is seen.
import fc from "fast-check";
import width from "string-width";
import { describe, expect, test } from "vitest";
import { complete } from "../../scripts/chat/complete.ts";
import { Editor } from "../../scripts/chat/editor.ts";
import { portion } from "../../scripts/chat/input.ts";

const FAMILY = "👨‍👩‍👧‍👦";
const VOCABULARY = {
  commands: [
    { name: "/join", argument: "room" },
    { name: "/rooms", argument: undefined },
    { name: "/users", argument: undefined },
  ],
  users: ["Ann", "anton", "bob"],
  rooms: ["attic", "main"],
};

/** What somebody does: a text that is typed, a key by its name, Tab in a direction. */
type Edit = { type: string } | string | 1 | -1;

/** Types text and presses keys, in order. */
function type(...edits: Edit[]): Editor {
  const editor = new Editor();
  change(editor, ...edits);
  return editor;
}

function change(editor: Editor, ...edits: Edit[]): void {
  for (const one of edits) {
    if (typeof one === "number") editor.complete(one, VOCABULARY);
    else if (typeof one === "object") editor.insert(one.type);
    else {
      const edit = editor.keys[one];
      if (edit === undefined) throw new Error(`There is no key ${one}`);
      edit();
    }
  }
}

/** `|` is where the cursor is. */
const shown = ({ text, cursor }: Editor) =>
  `${text.slice(0, cursor)}|${text.slice(cursor)}`;

test.each<[string, Edit[]]>([
  ["abc|", [{ type: "abc" }]],
  ["ab|c", [{ type: "abc" }, "left"]],
  ["aXb|", [{ type: "ab" }, "left", { type: "X" }, "right"]],
  ["|abc", [{ type: "abc" }, "home"]],
  ["|abc", [{ type: "abc" }, "home", "left", "backspace"]],
  ["abc|", [{ type: "abc" }, "home", "end", "right", "delete"]],
  ["|bc", [{ type: "abc" }, "home", "delete"]],
  ["|c", [{ type: "abc" }, "left", "ctrl u"]],
  ["ab|", [{ type: "abc" }, "left", "ctrl k"]],
  ["one |", [{ type: "one two" }, "ctrl w"]],
  ["|", [{ type: "one two  " }, "ctrl w", "ctrl w", "ctrl w"]],
  ["one | three", [{ type: "one two three" }, ...Array(6).fill("left"), "ctrl w"]],
])("%s", (expected, edits) => {
  expect(shown(type(...edits))).toBe(expected);
});

test.each([FAMILY, "❤️", "👍🏽", "🇨🇭", "é", "漢", "1️⃣"])("%s is one character", (char) => {
  const typed = { type: `a${char}b` };
  expect(shown(type(typed, "left", "left"))).toBe(`a|${char}b`);
  expect(shown(type(typed, "left", "backspace"))).toBe("a|b");
  expect(shown(type(typed, "left", "left", "delete"))).toBe("a|b");
  expect(shown(type(typed, "home", "right", "right"))).toBe(`a${char}|b`);
});

test("what becomes one character with its neighbour does not hold the cursor", () => {
  const joined = type({ type: "👨👩" }, "left", { type: "\u200d" });
  expect(shown(joined)).toBe("👨‍👩|");
});

test("the cursor is always between two characters", () => {
  const text = fc
    .array(
      fc.constantFrom("a", " ", "\n", "\u0301", "👩", "\u200d", "🇨", "漢", "️", "👍🏽"),
    )
    .map((parts) => parts.join(""));
  const keys = ["left", "right", "home", "backspace", "delete", "ctrl w"];
  const edits = fc.oneof(
    text.map((inserted): Edit => ({ type: inserted })),
    fc.constantFrom<Edit[]>(...keys),
  );
  const segmenter = new Intl.Segmenter();
  fc.assert(
    fc.property(fc.array(edits), (changes) => {
      const editor = type(...changes);
      const ends = Array.from(
        segmenter.segment(editor.text),
        ({ index, segment }) => index + segment.length,
      );
      expect([0, ...ends]).toContain(editor.cursor);
    }),
    { numRuns: 300 },
  );
});

describe("the history", () => {
  const sending = (...lines: string[]) => {
    const editor = new Editor();
    for (const text of lines) {
      editor.insert(text);
      editor.clear();
    }
    return editor;
  };
  const shownAfter = (editor: Editor, ...edits: Edit[]) => {
    change(editor, ...edits);
    return shown(editor);
  };

  test("goes back, and forth to what was being typed", () => {
    const editor = sending("one", "two");
    expect(shownAfter(editor, { type: "draft" }, "up")).toBe("two|");
    expect(shownAfter(editor, "up", "up")).toBe("one|");
    expect(shownAfter(editor, "down")).toBe("two|");
    expect(shownAfter(editor, "down", "down")).toBe("draft|");
  });

  test("keeps what was sent twice once, and nothing empty", () => {
    const editor = sending("one", "one", "", "two");
    expect(shownAfter(editor, "up")).toBe("two|");
    expect(shownAfter(editor, "up")).toBe("one|");
    expect(shownAfter(editor, "up")).toBe("one|");
  });

  test("does not change when a line of it is changed and sent", () => {
    const editor = sending("one");
    change(editor, "up", { type: "!" });
    editor.clear();
    expect(shownAfter(editor, "up")).toBe("one!|");
    expect(shownAfter(editor, "up")).toBe("one|");
  });

  test("forgets the draft that was sent", () => {
    const editor = sending("one");
    change(editor, { type: "draft" }, "up", "down");
    editor.clear();
    expect(shownAfter(editor, "up", "down")).toBe("|");
  });
});

test.each([
  ["", []],
  ["one", ["one"]],
  ["one\ntwo\nthree", ["one", "two", "three"]],
  ["one\n\ntwo\n", ["one", "", "two"]],
])("%j is sent as %j", (text, lines) => {
  const editor = type({ type: text });
  expect(editor.lines).toEqual(lines);
  editor.clear();
  expect(editor.text).toBe("");
});

describe("completion", () => {
  test.each([
    ["/j", ["/join "]],
    ["/", ["/join ", "/rooms", "/users"]],
    ["/x", []],
    ["/join a", ["attic"]],
    ["/join ", ["attic", "main"]],
    ["an", ["Ann: ", "anton: "]],
    ["A", ["Ann: ", "anton: ", "attic "]],
    ["hi b", ["bob "]],
    ["see you in m", ["main "]],
    ["hi ", []],
    ["", []],
    ["hi /j", []],
  ])("%j may become %j", (text, words) => {
    expect(complete(text, VOCABULARY).words).toEqual(words);
  });

  test("the only one is taken", () => {
    expect(shown(type({ type: "/jo" }, 1))).toBe("/join |");
    expect(shown(type({ type: "/jo" }, 1, 1))).toBe("/join attic|");
  });

  test("several are gone through, both ways, and what follows stays", () => {
    const start = [{ type: "an, hi" }, ...Array<Edit>(4).fill("left")];
    expect(shown(type(...start, 1))).toBe("Ann: |, hi");
    expect(shown(type(...start, 1, 1))).toBe("anton: |, hi");
    expect(shown(type(...start, 1, 1, 1))).toBe("Ann: |, hi");
    expect(shown(type(...start, -1))).toBe("anton: |, hi");
    expect(type(...start, 1).choice?.words).toHaveLength(2);
  });

  test("another key ends the choice", () => {
    const editor = type({ type: "an" }, 1, { type: "b" }, 1);
    expect(shown(editor)).toBe("Ann: bob |");
    expect(editor.choice).toBeUndefined();
  });

  test("without candidates nothing happens", () => {
    expect(shown(type({ type: "zzz" }, 1))).toBe("zzz|");
  });
});

test("what is seen of the text fits, and has the cursor in it", () => {
  const text = fc
    .array(fc.constantFrom("a", " ", "\n", "漢", FAMILY, "❤️"), { maxLength: 80 })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(
      text,
      fc.nat(30),
      fc.integer({ min: 20, max: 60 }),
      (typed, moves, columns) => {
        const editor = type({ type: typed }, ...Array<Edit>(moves).fill("left"));
        const seen = portion(editor, columns);
        expect(width(seen.text)).toBeLessThanOrEqual(columns);
        expect(seen.column).toBeLessThan(columns);
        if (width(typed.replaceAll("\n", "↵")) < columns - 8) {
          expect(seen.text).toBe(typed.replaceAll("\n", "↵"));
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("a text of a megabyte does not make keys slow", () => {
  const editor = type({ type: `${"x".repeat(1_000_000)} y` });
  // Each of these would take minutes, if it took time for every character.
  for (let i = 0; i < 50; i += 1) {
    change(editor, "left", { type: "漢" });
    portion(editor, 80);
  }
  change(editor, "end", "ctrl w");
  expect(shown(editor).endsWith("x |")).toBe(true);
});
