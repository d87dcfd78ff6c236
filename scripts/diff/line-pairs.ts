// Aligns removed and added lines: which line became which, and what changed in it.
import { diffWordsWithSpace } from "diff";
import type { Row } from "./line.ts";

/** A piece of a changed line. */
interface Word {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** The lines that are shown side by side. At least one of them is defined. */
export interface Pair {
  readonly before: Row | undefined;
  readonly after: Row | undefined;
  /** For a line that became another: both in one. The old line is all that is not `added`. */
  readonly words: readonly Word[] | undefined;
}

/** Lines that share less than this, on a scale from 0 to 1, are not one line changed. */
const ALIKE = 0.5;
/** Above this many comparisons, lines are paired in their order. */
const MOST_COMPARISONS = 250_000;

/** The words of two lines in one list. Words in common are listed once. */
export function wordsOf(before: string, after: string): Word[] {
  const words: Word[] = diffWordsWithSpace(before, after).map((change) => ({
    kind: change.removed ? "removed" : change.added ? "added" : "same",
    text: change.value,
  }));
  return joinChanges(words);
}

/**
 * Aligns the removed lines of one place with the added ones. No line is lost, and each side keeps
 * its order. Similar lines form a pair with `words`; other pairs have none.
 */
export function pairsOf(removed: readonly Row[], added: readonly Row[]): Pair[] {
  const pairs: Pair[] = [];
  let [i, j] = [0, 0];
  const alone = (toRemoved: number, toAdded: number) => {
    while (i < toRemoved || j < toAdded) {
      const before = i < toRemoved ? removed[i++] : undefined;
      const after = j < toAdded ? added[j++] : undefined;
      pairs.push({ before, after, words: undefined });
    }
  };
  for (const [toRemoved, toAdded] of anchors(removed, added)) {
    alone(toRemoved, toAdded);
    const before = removed[i++];
    const after = added[j++];
    pairs.push({ before, after, words: wordsOf(before?.text ?? "", after?.text ?? "") });
  }
  alone(removed.length, added.length);
  return pairs;
}

/** Merges two changes with only a space between them, because they are hard to read apart. */
function joinChanges(words: Word[]): Word[] {
  const joined: Word[] = [];
  let [removed, added] = ["", ""];
  const flush = () => {
    if (removed) joined.push({ kind: "removed", text: removed });
    if (added) joined.push({ kind: "added", text: added });
    [removed, added] = ["", ""];
  };
  words.forEach((word, index) => {
    const between = removed !== "" && added !== "" && index < words.length - 1;
    if (word.kind === "same" && !(between && isBlank(word))) {
      flush();
      joined.push(word);
      return;
    }
    if (word.kind !== "added") removed += word.text;
    if (word.kind !== "removed") added += word.text;
  });
  flush();
  return joined;
}

function isBlank(word: Word): boolean {
  return word.text.trim() === "";
}

/**
 * Which removed line became which added one, as pairs of ascending indexes: the choice with the
 * most in common, found like a longest common subsequence.
 */
function anchors(removed: readonly Row[], added: readonly Row[]): [number, number][] {
  const left = removed.map((row) => tokensOf(row.text));
  const right = added.map((row) => tokensOf(row.text));
  if (left.length * right.length > MOST_COMPARISONS) {
    const count = Math.min(left.length, right.length);
    return Array.from({ length: count }, (_, i): [number, number] => [i, i]).filter(
      ([i]) => likeness(left[i], right[i]) >= ALIKE,
    );
  }
  /** `best[i][j]`: the most that the lines from i on and from j on can have in common. */
  const best = Array.from({ length: left.length + 1 }, () =>
    new Array<number>(right.length + 1).fill(0),
  );
  const at = (i: number, j: number) => best[i]?.[j] ?? 0;
  const like = left.map((a) => right.map((b) => likeness(a, b)));
  const together = (i: number, j: number) => {
    const value = like[i]?.[j] ?? 0;
    return value >= ALIKE ? value + at(i + 1, j + 1) : 0;
  };
  for (let i = left.length - 1; i >= 0; i--) {
    const row = best[i] ?? [];
    for (let j = right.length - 1; j >= 0; j--) {
      row[j] = Math.max(at(i + 1, j), at(i, j + 1), together(i, j));
    }
  }
  const found: [number, number][] = [];
  for (let [i, j] = [0, 0]; i < left.length && j < right.length; ) {
    if (together(i, j) > 0 && together(i, j) === at(i, j)) found.push([i++, j++]);
    else if (at(i + 1, j) === at(i, j)) i++;
    else j++;
  }
  return found;
}

/** The words and punctuation of a line, with how often each occurs. */
function tokensOf(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const token of text.match(/[\p{L}\p{N}_$]+|[^\s]/gu) ?? []) {
    counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  return counts;
}

/** How much two lines share, from 0 to 1, counted in characters without spaces. */
function likeness(
  a: ReadonlyMap<string, number> = new Map(),
  b: ReadonlyMap<string, number> = new Map(),
): number {
  let shared = 0;
  for (const [token, count] of a) {
    shared += token.length * Math.min(count, b.get(token) ?? 0);
  }
  const total = weight(a) + weight(b);
  return total === 0 ? 0 : (2 * shared) / total;
}

function weight(tokens: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [token, count] of tokens) sum += token.length * count;
  return sum;
}
