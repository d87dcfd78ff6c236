// Finds the paragraph of a step's page that explains a line: one below a listing with the line,
// or else the one that shares the most words with it.
import type { Step } from "../../behaviours/steps.ts";
import { diffFile, type Hunk } from "../diff/model.ts";
import { symbolsOf } from "../docs/symbols.ts";
import { before, serverOf } from "./origin.ts";
import { type Paragraph, type ReadPage, readPage } from "./paragraphs.ts";

interface Passage extends Paragraph {
  /** `docs/13-join.md`. */
  readonly file: string;
  /** In the site: `13-join.html#the-swap`. */
  readonly href: string;
}

/** The weight of being below a listing with the line, in matching words. */
const SHOWN = 4;
/** The name of the method or function around the line counts more than other words. */
const NAMED = 2;
/** The name of a longer function counts less, because most paragraphs have it. */
const LONGEST = 40;
/** Words of lines that were added together with the line count less than its own. */
const NEAR = 0.3;
/** A summary names much but explains little, so it counts less. */
const SUMS_UP = 0.5;
/** A word in code font counts more. */
const AS_CODE = 2;
/** The weight of quoting a part of the line in code font, in matching words. */
const QUOTED = 12;
/** The weight of beginning with a name in the line. */
const BEGINS = 12;

/**
 * The paragraph that best explains some lines of a step.
 *
 * @param lines Line numbers in the step's `server.ts`.
 * @returns Undefined when the step has no page, or a page that does not explain its code.
 */
export function passageFor(step: Step, lines: readonly number[]): Passage | undefined {
  const page = pageOf(step);
  if (!page) return undefined;
  const text = serverOf(step).split("\n");
  const code = lines.map((line) => text[line - 1] ?? "").join("\n");
  const own = wordsIn(code);
  const name = nameAround(step, lines);
  const near = newWordsAround(step, lines);
  const weights = weightsIn(page);
  const value = (paragraph: Paragraph) => {
    let sum = lines.some((line) => paragraph.shows.has(line)) ? SHOWN : 0;
    if (quotes(paragraph, code)) sum += QUOTED;
    if (beginsWithName(paragraph, code)) sum += BEGINS;
    for (const [word, weight] of weights.get(paragraph) ?? []) {
      const found = own.has(word) ? 1 : near.has(word) ? NEAR : 0;
      sum += weight * (word === name ? NAMED : found);
    }
    // A long paragraph matches more by chance.
    const length = Math.sqrt(Math.max(1, paragraph.text.length / 400));
    return (sum * (paragraph.heading === "What changed" ? SUMS_UP : 1)) / length;
  };
  // The paragraphs below a short listing with the line are about it, and those that quote it.
  const below = page.paragraphs.filter(
    ({ shows }) => shows.size <= LONGEST && lines.some((line) => shows.has(line)),
  );
  const [best] = page.paragraphs
    .filter(
      (one) =>
        below.length === 0 ||
        below.includes(one) ||
        quotes(one, code) ||
        beginsWithName(one, code),
    )
    .map((paragraph) => ({ paragraph, worth: value(paragraph) }))
    .sort((a, b) => b.worth - a.worth);
  if (!best) return undefined;
  const anchor = best.paragraph.id === "" ? "" : `#${best.paragraph.id}`;
  return { ...best.paragraph, file: page.file, href: `${step.slug}.html${anchor}` };
}

/** Whether it has a call or a member of a single line in code font: `.catch`, `finish(socket)`. */
function quotes({ code }: Paragraph, line: string): boolean {
  if (line.includes("\n")) return false;
  return code.some((part) => {
    const at = /\p{L}/u.test(part) && /[.(]/.test(part) ? line.indexOf(part) : -1;
    if (at < 0) return false;
    // Not `messages.send` in `this.#messages.send` or `messages.sendAll`.
    const isCut = !part.startsWith(".") && /[\w$#.]/.test(line[at - 1] ?? "");
    return !isCut && !/^\w\w/.test(line.slice(at + part.length - 1));
  });
}

/** Whether it begins with a name, in code font, that a line of code has: "`read` returns …". */
function beginsWithName({ code: [first = ""], text }: Paragraph, line: string): boolean {
  const isFirst = /^\w+$/.test(first) && text.startsWith(first);
  if (!isFirst || /\n|^\s*\/\//.test(line)) return false;
  return new RegExp(`\\b${first}\\b`).test(line);
}

/** The names and words in a text, as in code: `isTooLong`, `allowHalfOpen`, `users`. */
function wordsIn(text: string): Set<string> {
  return new Set(
    (text.match(/[\p{L}_$][\p{L}\p{N}_$]+/gu) ?? [])
      .filter((word) => !COMMON.has(word))
      .map((word) => (/^[A-Z][a-z]+$/.test(word) ? word.toLowerCase() : word))
      // "subscribes" matches `subscribe`.
      .map((word) => word.replace(/(?<=^[a-z]{3,})s$/, "")),
  );
}

/** Keywords and common English words, which say nothing about a line. */
const COMMON = new Set(
  (
    "const let new return await async function class for of in if else try catch finally this " +
    "readonly void string number boolean undefined true false import from type interface while " +
    "the and that it is an as at by be are was who has have with its not no when what which"
  ).split(" "),
);

type Weights = ReadonlyMap<Paragraph, ReadonlyMap<string, number>>;

/** The words of each paragraph, with a weight: low when most paragraphs have the word. */
const weightsIn = once((page: ReadPage): Weights => {
  const sets = page.paragraphs.map(({ text }) => wordsIn(text));
  const rarity = (word: string) => {
    const having = sets.filter((set) => set.has(word)).length;
    return Math.log((1 + sets.length) / Math.max(1, having));
  };
  return new Map(
    page.paragraphs.map((paragraph, index) => {
      const code = wordsIn(paragraph.code.join(" "));
      const words = [...(sets[index] ?? [])].map((word) => {
        return [word, rarity(word) * (code.has(word) ? AS_CODE : 1)] as const;
      });
      return [paragraph, new Map(words)];
    }),
  );
});

/** The name of the smallest declaration around all the lines: `leave`. */
function nameAround(step: Step, lines: readonly number[]): string | undefined {
  const [smallest] = [...symbolsIn(serverOf(step))]
    .filter(([name]) => !name.startsWith("#"))
    .filter(([, [start, end]]) => lines.every((line) => line > start && line <= end))
    .map(([name, [start, end]]) => ({ name, size: end - start }))
    .sort((a, b) => a.size - b.size);
  if (!smallest || smallest.size > LONGEST) return undefined;
  return smallest.name.replace(/^.*[.#]/, "");
}

/** The words of the new lines in the hunks that the lines are in. */
function newWordsAround(step: Step, lines: readonly number[]): Set<string> {
  const earlier = before(step);
  const versions = [earlier ? serverOf(earlier) : "", serverOf(step)];
  const hunks = hunksBetween(versions.join("\0")).filter(({ new: { start, count } }) =>
    lines.some((line) => line >= start && line < start + count),
  );
  return new Set(hunks.flatMap((hunk) => [...newWordsIn(hunk)]));
}

const symbolsIn = once(symbolsOf);
const hunksBetween = once((versions: string) => {
  const [old = "", now = ""] = versions.split("\0");
  const earlier = old === "" ? undefined : old;
  return diffFile("server.ts", earlier, now, { context: 0 }).hunks;
});
const newWordsIn = once(({ rows }: Hunk) => {
  const added = rows.filter(({ kind }) => kind === "added");
  return wordsIn(added.map(({ text }) => text).join("\n"));
});
const pageOf = once(readPage);

/** Caches each result, because the site asks for the passage of every line of every step. */
function once<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const value = made.has(key) ? (made.get(key) as Value) : make(key);
    made.set(key, value);
    return value;
  };
}
