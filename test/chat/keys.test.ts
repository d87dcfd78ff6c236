// Keys and pastes, as Node reads them from the bytes of a terminal.
import { emitKeypressEvents } from "node:readline";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { type Action, Keys } from "../../scripts/chat/keys.ts";

/** What bytes make happen; each string is a read of its own. */
function actionsOf(...reads: string[]): Action[] {
  const input = new PassThrough();
  const keys = new Keys();
  emitKeypressEvents(input);
  input.on("keypress", (text, key) => keys.press(text, key));
  for (const bytes of reads) input.emit("data", Buffer.from(bytes));
  return keys.take();
}

test.each<[string, string, Action]>([
  ["Enter", "\r", { kind: "submit" }],
  ["a line feed", "\n", { kind: "submit" }],
  ["Tab", "\t", { kind: "complete", by: 1 }],
  ["Shift-Tab", "\x1b[Z", { kind: "complete", by: -1 }],
  ["Left", "\x1b[D", { kind: "left" }],
  ["Right", "\x1bOC", { kind: "right" }],
  ["Home", "\x1b[H", { kind: "home" }],
  ["Home", "\x1b[1~", { kind: "home" }],
  ["End", "\x1bOF", { kind: "end" }],
  ["Up", "\x1b[A", { kind: "older" }],
  ["Down", "\x1b[B", { kind: "newer" }],
  ["PageUp", "\x1b[5~", { kind: "scroll", by: -1 }],
  ["PageDown", "\x1b[6~", { kind: "scroll", by: 1 }],
  ["Backspace", "\x7f", { kind: "backspace" }],
  ["Delete", "\x1b[3~", { kind: "delete" }],
  ["Ctrl-A", "\x01", { kind: "home" }],
  ["Ctrl-E", "\x05", { kind: "end" }],
  ["Ctrl-U", "\x15", { kind: "delete to home" }],
  ["Ctrl-K", "\x0b", { kind: "delete to end" }],
  ["Ctrl-W", "\x17", { kind: "delete word" }],
  ["Ctrl-L", "\x0c", { kind: "redraw" }],
  ["Ctrl-C", "\x03", { kind: "quit" }],
  ["Ctrl-D", "\x04", { kind: "delete or quit" }],
])("%s (%j)", (_, bytes, action) => {
  expect(actionsOf(bytes)).toEqual([action]);
});

test.each(["\x1b[15~", "\x1bx", "\x1b[99~", "\x00", "\x1b[1;2P"])(
  "%j does nothing",
  (bytes) => {
    expect(actionsOf(bytes)).toEqual([]);
  },
);

test("what is typed at once is inserted at once", () => {
  expect(actionsOf("héllo 👨‍👩‍👧 漢")).toEqual([
    { kind: "insert", text: "héllo 👨‍👩‍👧 漢" },
  ]);
});

test("a character may come in pieces", () => {
  const input = new PassThrough();
  const keys = new Keys();
  emitKeypressEvents(input);
  input.on("keypress", (text, key) => keys.press(text, key));
  for (const byte of Buffer.from("漢")) input.emit("data", Buffer.of(byte));
  expect(keys.take()).toEqual([{ kind: "insert", text: "漢" }]);
});

test("a paste is one action, however many lines, pieces and keys it has", () => {
  expect(
    actionsOf("a\x1b[200~one\rtw", "o\r\nthree\n", "\tfour\x03\x1b[201~b\r"),
  ).toEqual([
    { kind: "insert", text: "a" },
    { kind: "paste", text: "one\ntwo\nthree\n four" },
    { kind: "insert", text: "b" },
    { kind: "submit" },
  ]);
});

test("lines that are pasted as if typed are sent one by one", () => {
  expect(actionsOf("one\rtwo\rthree")).toEqual([
    { kind: "insert", text: "one" },
    { kind: "submit" },
    { kind: "insert", text: "two" },
    { kind: "submit" },
    { kind: "insert", text: "three" },
  ]);
});

test("nothing invisible can be typed", () => {
  expect(actionsOf("a\u202eb\u2028c\u009d")).toEqual([{ kind: "insert", text: "abc" }]);
});
