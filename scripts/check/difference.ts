// Where a line differs from the expected one, in words.
import { escaped } from "../../behaviours/quoting.ts";

/** Blanks, and characters that have no shape of their own, such as U+FE0F. */
const UNSEEN = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}]/gu;
/** How many characters before a difference are quoted. */
const BEFORE = 20;
/** Stands for the names of one run, which are random: no line has these private characters. */
const FIRST_NAME = 0xe000;
const NAME = /[\ue000-\ue0ff]/;
const ENDS_WITH_NAME = /[\ue000-\ue0ff]$/;

/**
 * What differs, when both lines look the same: in blanks, invisible characters, or the encoding
 * of an accent. Undefined when they look different.
 */
export function unseenDifference(expected: string, got: string): string | undefined {
  if (expected === got || visible(expected) !== visible(got)) return undefined;
  const { before, missing, extra, after } = compare(expected, got);
  const where = placeOf(before, after) ?? `after "${escaped(before.slice(-BEFORE))}"`;
  if (extra === "") return `${spelt(missing)} is missing ${where}`;
  if (missing === "") return `${spelt(extra)} too much ${where}`;
  return `${spelt(extra)} instead of ${spelt(missing)} ${where}`;
}

/**
 * What differs, in the same words for every text that was said: a part that is missing or too
 * much, or another one around the name. Undefined when the lines have little in common.
 */
export function difference(expected: string, got: string): string | undefined {
  if (got === "" || expected === got) return undefined;
  const { before, missing, extra, after } = compare(expected, got);
  if (before === "" && after === "") return undefined;
  const where = placeOf(before, after) ?? "inside";
  if (extra === "") return `"${missing}" is missing ${where}`;
  if (missing === "") return `"${extra}" too much ${where}`;
  const isAroundName = NAME.test(missing) || ENDS_WITH_NAME.test(before);
  if (after === "" || !isAroundName) return undefined;
  return `"${extra}" instead of "${missing}" ${where}`;
}

/** The text with a stand-in for each of these names. */
export function withoutNames(text: string, names: Iterable<string>): string {
  let standIn = FIRST_NAME;
  let anonymous = text;
  for (const name of names) {
    anonymous = anonymous.replaceAll(name, String.fromCharCode(standIn));
    standIn += 1;
  }
  return anonymous;
}

function visible(text: string): string {
  return text.normalize("NFC").replace(UNSEEN, "");
}

function placeOf(before: string, after: string): string | undefined {
  if (after.trim() === "") return "at the end";
  return before.trim() === "" ? "at the start" : undefined;
}

/** Takes away what both lines begin and end with. */
function compare(expected: string, got: string) {
  // Code points: half of one cannot be shown.
  const [left, right] = [[...expected], [...got]];
  const least = Math.min(left.length, right.length);
  let begin = 0;
  while (begin < least && left[begin] === right[begin]) begin += 1;
  let end = 0;
  while (end < least - begin && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  return {
    before: left.slice(0, begin).join(""),
    missing: left.slice(begin, left.length - end).join(""),
    extra: right.slice(begin, right.length - end).join(""),
    after: left.slice(left.length - end).join(""),
  };
}

/** Blanks in words, and everything that is not ASCII as an escape. */
function spelt(text: string): string {
  if (text === " ") return "a space";
  if (/^ +$/.test(text)) return `${text.length} spaces`;
  const all = escaped(text).replace(
    /[^\u0020-\u007e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return text.includes(" ") ? `"${all}"` : all;
}
