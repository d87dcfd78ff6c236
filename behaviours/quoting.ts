// How reports show text that a client or a server sent: nothing in it reaches the terminal raw.

/** Longer lines are cut. */
const LONGEST = 90;
const KEPT = 60;
/** Of bytes, a line of a terminal. */
const KEPT_BYTES = 20;
/**
 * An emoji, whose invisible parts belong to it; or what `JSON.stringify` leaves as it is: the
 * other controls, what reorders text, line separators, and what cannot be seen.
 */
const RAW =
  /(\p{ExtPict}\ufe0f?(?:\u200d\p{ExtPict}\ufe0f?)*)|[\p{Cc}\p{Bidi_C}\p{Zl}\p{Zp}\p{DI}]/gu;

/** A line for a report: escaped, and without most of it when it is long. */
export function shorten(line: string): string {
  return cut(line).join("");
}

/** The same in quotes. The length of a long line comes after them. */
export function quoted(line: string): string {
  const [text, length] = cut(line);
  return `"${text}"${length}`;
}

/** Escapes what could control a terminal or cannot be seen, as in a string of JavaScript. */
export function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1).replace(RAW, asEscape);
}

/** The same, but quotes, backslashes and line ends stay: the text may be a report already. */
export function withoutControls(text: string): string {
  return text.replace(RAW, (char, emoji?: string) =>
    char === "\n" ? char : asEscape(char, emoji),
  );
}

/** Bytes in hexadecimal: `ff e2 82`. */
export function hexOf(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, KEPT_BYTES);
  const hex = Array.from(shown, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return shown.length < bytes.length ? `${hex} … (${bytes.length} bytes)` : hex;
}

/** What `RAW` matches: an emoji as it is, a control in hexadecimal. */
function asEscape(char: string, emoji?: string): string {
  if (char === "\r") return "\\r";
  return emoji ?? char.replace(/./gs, inHex);
}

function inHex(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function cut(line: string): [text: string, length: string] {
  if (line.length <= LONGEST) return [escaped(line), ""];
  // Half of a surrogate pair would be shown as an escape.
  const begin = line.slice(0, KEPT).replace(/[\ud800-\udbff]$/, "");
  return [`${escaped(begin)}…`, ` (${line.length} characters)`];
}
