// How the report shows lines, and how one differs from another.
import { expect, test } from "vitest";
import type { Behaviour } from "../../behaviours/behaviour.ts";
import { Unmet } from "../../behaviours/client.ts";
import { hexOf, quoted, shorten } from "../../behaviours/quoting.ts";
import { behavioursOf } from "../../behaviours/table.ts";
import { unseenDifference } from "../../scripts/check/difference.ts";
import { reasonOf, resultOf } from "../../scripts/check/result.ts";

const HEART = "❤\ufe0f";

test("nothing that controls a terminal is shown raw", () => {
  expect(shorten("a\u009b31m\u202eb\u2028\u007f\x1b[2J ❤️")).toBe(
    "a\\u009b31m\\u202eb\\u2028\\u007f\\u001b[2J ❤️",
  );
});

test("nothing that cannot be seen is shown raw, except in an emoji", () => {
  expect(quoted("a\u200b\u200d\ufeff\u00ad\ufe0f\u{e0041}b")).toBe(
    '"a\\u200b\\u200d\\ufeff\\u00ad\\ufe0f\\udb40\\udc41b"',
  );
  expect(quoted(`\u200b${HEART}\ufe0f\u200d`)).toBe(`"\\u200b${HEART}\\ufe0f\\u200d"`);
  expect(quoted("👩\u200d👧 🏳\ufe0f\u200d🌈")).toBe('"👩\u200d👧 🏳\ufe0f\u200d🌈"');
});

test("what a server sent reaches no report raw, quoted or not", () => {
  const { expected, got, message } = new Unmet("a\\b\n\x1b[2J", '"\u009b1G\r"');
  expect([expected, got]).toEqual(["a\\b\n\\u001b[2J", '"\\u009b1G\\r"']);
  expect(message).toBe(`expected ${expected}, got ${got}`);
});

test("bytes are shown in hexadecimal, and not all when they are many", () => {
  expect(hexOf(Buffer.from("3:\xff", "latin1"))).toBe("33 3a ff");
  expect(hexOf(Buffer.alloc(500))).toMatch(/^(00 ){20}… \(500 bytes\)$/);
});

test("the length of a long line stands after its quotes", () => {
  expect(quoted("é".repeat(500))).toBe(`"${"é".repeat(60)}…" (500 characters)`);
  expect(quoted(`x${"🦦".repeat(100)}`)).not.toContain("\\ud");
});

test.each([
  [`one ${HEART}`, "one ❤", "\\ufe0f is missing at the end"],
  [`one ${HEART}`, `one ${HEART} `, "a space too much at the end"],
  [`one ${HEART}`, `one ${HEART}\r`, "\\r too much at the end"],
  [`one ${HEART}`, "one ❤ ", "a space instead of \\ufe0f at the end"],
  ["  /help", " /help", "a space is missing at the start"],
  ["  /help", "\t/help", "\\t instead of 2 spaces at the start"],
  ["I am Bob", "I am\u200b Bob", '\\u200b too much after "I am"'],
  ["café", "cafe\u0301", "e\\u0301 instead of \\u00e9 at the end"],
  ["one", "two", undefined],
  ["one", "one", undefined],
])("%j is not %j", (wanted, got, words) => {
  expect(unseenDifference(wanted, got)).toBe(words);
});

const [behaviour] = behavioursOf(9) as [Behaviour];

/** The reason that a behaviour fails in which NAME says the text. */
function reasonFor(name: string, wanted: string, got: string): string {
  const fill = (line: string) => line.replaceAll("NAME", name);
  const lines = { expected: fill(wanted), got: fill(got) };
  const unmet = new Unmet(
    `ann to see ${quoted(lines.expected)}`,
    quoted(lines.got),
    lines,
  );
  const transcript = [`ann ← You are ${name}`];
  const outcome = { behaviour, unmet, silent: false, transcript, names: [], output: "" };
  return reasonOf(resultOf(outcome));
}

test.each([
  "NAME : TEXT",
  "NAME: TEXT ",
  " NAME: TEXT",
  "[NAME] TEXT",
  "NAME> TEXT",
  "TEXT",
  "NAME: TEXT\r",
])("%j is one reason, whatever the name and the text", (form) => {
  const reasons = [
    ["BraveOtter", "one"],
    ["QuietHeron", "naïve café 🦦"],
    ["SunnyLynx", "é".repeat(500)],
  ].map(([name = "", text = ""]) =>
    reasonFor(name, `NAME: ${text}`, form.replace("TEXT", text)),
  );
  expect(new Set(reasons).size).toBe(1);
});

test("another line is another reason", () => {
  const reasons = [
    reasonFor("BraveOtter", "NAME: one", "NAME: one "),
    reasonFor("BraveOtter", "NAME: one", "NAME : one"),
    reasonFor("BraveOtter", "NAME: one", "NAME: two"),
    reasonFor("BraveOtter", "NAME: one", "NAME is already taken"),
    reasonFor("BraveOtter", "NAME: one", ""),
  ];
  expect(new Set(reasons).size).toBe(reasons.length);
});
