// The input line, completion, and what of it is seen.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { complete } from "../../scripts/chat/complete.ts";
import { type Edit, EMPTY_EDITOR, edit, take } from "../../scripts/chat/editor.ts";
import { width } from "../../scripts/chat/grapheme.ts";
import { portion } from "../../scripts/chat/input.tsx";

type Simple = Exclude<Edit, { text: string } | { vocabulary: unknown }>["kind"];

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

/** Types text and presses keys, in order: `|` shows where the cursor is then. */
function type(...edits: (Edit | { type: string } | Simple)[]) {
  let editor = EMPTY_EDITOR;
  for (const change of edits) {
    if (typeof change === "string") editor = edit(editor, { kind: change });
    else if ("type" in change)
      editor = edit(editor, { kind: "insert", text: change.type });
    else editor = edit(editor, change);
  }
  return editor;
}
const shown = ({ text, cursor }: { text: string; cursor: number }) =>
  `${text.slice(0, cursor)}|${text.slice(cursor)}`;
const tab = (by: 1 | -1 = 1): Edit => ({ kind: "complete", vocabulary: VOCABULARY, by });

test.each<[string, (Edit | { type: string } | Simple)[]]>([
  ["abc|", [{ type: "abc" }]],
  ["ab|c", [{ type: "abc" }, "left"]],
  ["aXb|", [{ type: "ab" }, "left", { type: "X" }, "right"]],
  ["|abc", [{ type: "abc" }, "home"]],
  ["|abc", [{ type: "abc" }, "home", "left", "backspace"]],
  ["abc|", [{ type: "abc" }, "home", "end", "right", "delete"]],
  ["|bc", [{ type: "abc" }, "home", "delete"]],
  ["|c", [{ type: "abc" }, "left", "delete to home"]],
  ["ab|", [{ type: "abc" }, "left", "delete to end"]],
  ["one |", [{ type: "one two" }, "delete word"]],
  ["|", [{ type: "one two  " }, "delete word", "delete word", "delete word"]],
  ["one | three", [{ type: "one two three" }, ...Array(6).fill("left"), "delete word"]],
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
  const keys: Simple[] = ["left", "right", "home", "backspace", "delete", "delete word"];
  const change = fc.oneof(
    text.map((inserted): Edit => ({ kind: "insert", text: inserted })),
    fc.constantFrom(...keys).map((kind): Edit => ({ kind })),
  );
  const segmenter = new Intl.Segmenter();
  fc.assert(
    fc.property(fc.array(change), (changes) => {
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
    let editor = EMPTY_EDITOR;
    for (const text of lines) {
      editor = take(edit(editor, { kind: "insert", text })).editor;
    }
    return editor;
  };
  const press = (editor: typeof EMPTY_EDITOR, ...kinds: Simple[]) =>
    kinds.reduce((next, kind) => edit(next, { kind }), editor);

  test("goes back, and forth to what was being typed", () => {
    const editor = edit(sending("one", "two"), { kind: "insert", text: "draft" });
    expect(shown(press(editor, "older"))).toBe("two|");
    expect(shown(press(editor, "older", "older", "older"))).toBe("one|");
    expect(shown(press(editor, "older", "older", "newer"))).toBe("two|");
    expect(shown(press(editor, "older", "newer", "newer"))).toBe("draft|");
  });

  test("keeps what was sent twice once, and nothing empty", () => {
    expect(sending("one", "one", "", "two").history).toEqual(["one", "two"]);
  });

  test("does not change when a line of it is changed and sent", () => {
    const editor = edit(press(sending("one"), "older"), { kind: "insert", text: "!" });
    expect(take(editor).editor.history).toEqual(["one", "one!"]);
  });
});

test.each([
  ["", []],
  ["one", ["one"]],
  ["one\ntwo\nthree", ["one", "two", "three"]],
  ["one\n\ntwo\n", ["one", "", "two"]],
])("%j is sent as %j", (text, lines) => {
  const taken = take(type({ type: text }));
  expect(taken.lines).toEqual(lines);
  expect(taken.editor.text).toBe("");
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
    expect(complete(text, text.length, VOCABULARY).words).toEqual(words);
  });

  test("the only one is taken", () => {
    expect(shown(type({ type: "/jo" }, tab()))).toBe("/join |");
    expect(shown(type({ type: "/jo" }, tab(), tab()))).toBe("/join attic|");
  });

  test("several are gone through, both ways, and what follows stays", () => {
    const start = [{ type: "an, hi" }, ...Array<Simple>(4).fill("left")];
    expect(shown(type(...start, tab()))).toBe("Ann: |, hi");
    expect(shown(type(...start, tab(), tab()))).toBe("anton: |, hi");
    expect(shown(type(...start, tab(), tab(), tab()))).toBe("Ann: |, hi");
    expect(shown(type(...start, tab(-1)))).toBe("anton: |, hi");
    expect(type(...start, tab()).choice?.words).toHaveLength(2);
  });

  test("another key ends the choice", () => {
    const editor = type({ type: "an" }, tab(), { type: "b" }, tab());
    expect(shown(editor)).toBe("Ann: bob |");
    expect(editor.choice).toBeUndefined();
  });

  test("without candidates nothing happens", () => {
    expect(shown(type({ type: "zzz" }, tab()))).toBe("zzz|");
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
        const editor = type({ type: typed }, ...Array<Simple>(moves).fill("left"));
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
  let next = editor;
  // Each of these would take minutes, if it took time for every character.
  for (let i = 0; i < 50; i += 1) {
    next = edit(edit(next, { kind: "left" }), { kind: "insert", text: "漢" });
    portion(next, 80);
  }
  expect(shown(edit(editor, { kind: "delete word" })).endsWith("x |")).toBe(true);
});
