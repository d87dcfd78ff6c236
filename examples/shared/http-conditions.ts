// Conditional requests: RFC 9110, section 13. They ask for a file only if it has changed,
// or only if it has not.
import { readDate } from "./http-date.ts";

/** What identifies the current content of a file. */
export interface Validators {
  /** A strong entity tag, with its quotes. */
  readonly etag: string;
  /** Milliseconds since 1970, in whole seconds: the value of `Last-Modified`. */
  readonly modified: number;
}

/** The fields of conditional and range requests, in lower case. */
export const CONDITIONS = [
  "if-match",
  "if-unmodified-since",
  "if-none-match",
  "if-modified-since",
  "range",
  "if-range",
] as const;
export type Conditions = Partial<Record<(typeof CONDITIONS)[number], string>>;

/**
 * Evaluates the conditions of a GET or HEAD, in the order that section 13.2.2 prescribes.
 * An invalid date is ignored.
 *
 * @returns 412 if a condition is not met, 304 if the client has the file already, else 200.
 */
export function conditionStatus(
  conditions: Conditions,
  { etag, modified }: Validators,
): 200 | 304 | 412 {
  const match = conditions["if-match"];
  const unmodified = dateOf(conditions["if-unmodified-since"]);
  if (match !== undefined) {
    if (!isListed(match, etag, "strong")) return 412;
  } else if (unmodified !== undefined && modified > unmodified) return 412;
  const noneMatch = conditions["if-none-match"];
  if (noneMatch !== undefined) return isListed(noneMatch, etag, "weak") ? 304 : 200;
  const since = dateOf(conditions["if-modified-since"]);
  return since !== undefined && modified <= since ? 304 : 200;
}

/**
 * Whether a range may be sent: not if the part that the client has is of older content
 * (section 13.1.5).
 *
 * @param now Milliseconds since 1970. A file that changed within this second may change
 *   once more within it, so its date proves nothing (section 8.8.2.2).
 */
export function isRangeWanted(
  condition: string | undefined,
  { etag, modified }: Validators,
  now: number,
): boolean {
  if (condition === undefined) return true;
  if (/^(W\/)?"/.test(condition)) return condition === etag;
  return readDate(condition) === modified && now - modified >= 1000;
}

/** Whether a list of tags, or `*`, has this strong one. A malformed list has none. */
function isListed(list: string, etag: string, how: "strong" | "weak"): boolean {
  if (list === "*") return true;
  const tag = '(?:W/)?"[\\x21\\x23-\\x7e\\x80-\\xff]*"';
  // Each comma can be read in one way only, or a long list would be tried in all ways.
  const isList = new RegExp(`^[\\t ,]*${tag}(?:[\\t ]*,[\\t ,]*${tag})*[\\t ,]*$`);
  if (!isList.test(list)) return false;
  const tags = list.match(new RegExp(tag, "g")) ?? [];
  return tags.some((one) => one === etag || (how === "weak" && one === `W/${etag}`));
}

function dateOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : readDate(text);
}
