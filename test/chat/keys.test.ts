// Keys and pastes, as Node reads them from the bytes of a terminal.
import { emitKeypressEvents } from "node:readline";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { Keys, type Typed } from "../../scripts/chat/keys.ts";

/** What is typed by bytes; each piece is a read of its own. */
function typedBy(...reads: (string | Buffer)[]): Typed[] {
  const input = new PassThrough();
  const keys = new Keys();
  const typed: Typed[] = [];
  emitKeypressEvents(input);
  input.on("keypress", (text, key) => {
    const one = keys.read(text, key);
    if (one !== undefined) typed.push(one);
  });
  for (const bytes of reads) input.emit("data", Buffer.from(bytes));
  return typed;
}

/** All text, joined. */
const textOf = (typed: Typed[]) =>
  typed.map((one) => ("text" in one ? one.text : `<${one.key}>`)).join("");

test.each([
  ["Enter", "\r", "return"],
  ["a line feed", "\n", "enter"],
  ["Tab", "\t", "tab"],
  ["Shift-Tab", "\x1b[Z", "shift tab"],
  ["Left", "\x1b[D", "left"],
  ["Right", "\x1bOC", "right"],
  ["Home", "\x1b[H", "home"],
  ["Home", "\x1b[1~", "home"],
  ["End", "\x1bOF", "end"],
  ["Up", "\x1b[A", "up"],
  ["Down", "\x1b[B", "down"],
  ["PageUp", "\x1b[5~", "pageup"],
  ["PageDown", "\x1b[6~", "pagedown"],
  ["Backspace", "\x7f", "backspace"],
  ["Delete", "\x1b[3~", "delete"],
  ["Ctrl-A", "\x01", "home"],
  ["Ctrl-B", "\x02", "left"],
  ["Ctrl-E", "\x05", "end"],
  ["Ctrl-F", "\x06", "right"],
  ["Ctrl-N", "\x0e", "down"],
  ["Ctrl-P", "\x10", "up"],
  ["Ctrl-U", "\x15", "ctrl u"],
  ["Ctrl-K", "\x0b", "ctrl k"],
  ["Ctrl-W", "\x17", "ctrl w"],
  ["Ctrl-L", "\x0c", "ctrl l"],
  ["Ctrl-C", "\x03", "ctrl c"],
  ["Ctrl-D", "\x04", "ctrl d"],
])("%s (%j)", (_, bytes, key) => {
  expect(typedBy(bytes)).toEqual([{ key }]);
});

test.each(["\x1b[15~", "\x1bx", "\x1b[99~", "\x00", "\x1b[1;2P"])(
  "%j is no text",
  (bytes) => {
    expect(typedBy(bytes).filter((typed) => "text" in typed)).toEqual([]);
  },
);

test("text is what is typed, in order", () => {
  expect(textOf(typedBy("héllo 👨‍👩‍👧 漢\x7f"))).toBe("héllo 👨‍👩‍👧 漢<backspace>");
});

test("a character may come in pieces", () => {
  const bytes = Array.from(Buffer.from("漢"), (byte) => Buffer.of(byte));
  expect(typedBy(...bytes)).toEqual([{ text: "漢" }]);
});

test("a paste is one text, however many lines, pieces and keys it has", () => {
  expect(typedBy("a\x1b[200~one\rtw", "o\r\nthree\n", "\tfour\x03\x1b[201~b\r")).toEqual([
    { text: "a" },
    { text: "one\ntwo\nthree\n four" },
    { text: "b" },
    { key: "return" },
  ]);
});

test("lines that are pasted as if typed are sent one by one", () => {
  expect(textOf(typedBy("one\rtwo\nthree"))).toBe("one<return>two<enter>three");
});

test("nothing invisible can be typed", () => {
  const typed = typedBy("a\u202eb\u2028c\u009d").filter((one) => "text" in one);
  expect(textOf(typed)).toBe("abc");
});
