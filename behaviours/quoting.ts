// How reports show text that a client or a server sent: nothing in it reaches the terminal raw.

/** Longer lines are cut. */
const LONGEST = 90;
const KEPT = 60;
/** What `JSON.stringify` leaves as it is: the other controls, what reorders text, line separators. */
const RAW = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

/** A line for a report: escaped, and without most of it when it is long. */
export function shorten(line: string): string {
  return cut(line).join("");
}

/** The same in quotes. The length of a long line comes after them. */
export function quoted(line: string): string {
  const [text, length] = cut(line);
  return `"${text}"${length}`;
}

/** Escapes what could control a terminal, as in a string of JavaScript. */
export function escaped(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(RAW, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function cut(line: string): [text: string, length: string] {
  if (line.length <= LONGEST) return [escaped(line), ""];
  // Half of a surrogate pair would be shown as an escape.
  const begin = line.slice(0, KEPT).replace(/[\ud800-\udbff]$/, "");
  return [`${escaped(begin)}…`, ` (${line.length} characters)`];
}
