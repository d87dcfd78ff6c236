// Finds the paragraph of a step's page that explains a line: one below a listing with the line,
// or else the one that shares most words with it.
import type { Step } from "../../behaviours/steps.ts";
import { diffFile } from "../diff/model.ts";
import { symbolsOf } from "../docs/symbols.ts";
import { before, serverOf } from "./origin.ts";
import { type Paragraph, type ReadPage, readPage } from "./paragraphs.ts";

interface Passage extends Paragraph {
  /** `docs/13-join.md`. */
  readonly file: string;
  /** In the site: `13-join.html#the-swap`. */
  readonly href: string;
}

/** The worth of being below a listing with the line, in matching words. */
const SHOWN = 4;
/** The name of the method or function around the line counts more than other words. */
const NAMED = 3;
/** The name of a longer function says little: most paragraphs have it. */
const LONGEST = 40;
/** Words of lines that came together with the line count less than its own. */
const NEAR = 0.3;
/** A summary names much, and explains little. */
const SUMS_UP = 0.5;
/** A word in code font counts more. */
const AS_CODE = 2;

/**
 * The paragraph that best explains some lines of a step.
 *
 * @param lines Line numbers in the step's `server.ts`.
 * @returns undefined when the step has no page, or a page that does not explain its code.
 */
export function passageFor(step: Step, lines: readonly number[]): Passage | undefined {
  const page = pageOf(step);
  if (!page) return undefined;
  const text = serverOf(step).split("\n");
  const own = wordsIn(lines.map((line) => text[line - 1] ?? "").join("\n"));
  const name = nameAround(step, lines);
  const near = wordsIn(newAround(step, lines).join("\n"));
  const rare = rarityIn(page);
  const value = (paragraph: Paragraph) => {
    const code = wordsIn(paragraph.code.join(" "));
    let sum = lines.some((line) => paragraph.shows.has(line)) ? SHOWN : 0;
    for (const word of wordsIn(paragraph.text)) {
      const found = own.has(word) ? 1 : near.has(word) ? NEAR : 0;
      const weight = word === name ? NAMED : found;
      sum += weight * rare(word) * (code.has(word) ? AS_CODE : 1);
    }
    // A long paragraph matches more by chance.
    const length = Math.sqrt(Math.max(1, paragraph.text.length / 400));
    return (sum * (paragraph.heading === "What changed" ? SUMS_UP : 1)) / length;
  };
  // The paragraphs below a short listing with the line are about it.
  const below = page.paragraphs.filter(
    ({ shows }) => shows.size <= LONGEST && lines.some((line) => shows.has(line)),
  );
  const [best] = (below.length > 0 ? below : page.paragraphs)
    .map((paragraph) => ({ paragraph, worth: value(paragraph) }))
    .sort((a, b) => b.worth - a.worth);
  if (!best) return undefined;
  const anchor = best.paragraph.id === "" ? "" : `#${best.paragraph.id}`;
  return { ...best.paragraph, file: page.file, href: `${step.slug}.html${anchor}` };
}

/** Names and words, as in code: `isTooLong`, `allowHalfOpen`, `users`. */
function wordsIn(text: string): Set<string> {
  return new Set(
    (text.match(/[\p{L}_$][\p{L}\p{N}_$]+/gu) ?? [])
      .filter((word) => !COMMON.has(word))
      .map((word) => (/^[A-Z][a-z]+$/.test(word) ? word.toLowerCase() : word))
      // "subscribes" matches `subscribe`.
      .map((word) => word.replace(/(?<=^[a-z]{3,})s$/, "")),
  );
}

/** Keywords and common English words say nothing about a line. */
const COMMON = new Set(
  (
    "const let new return await async function class for of in if else try catch finally this " +
    "readonly void string number boolean undefined true false import from type interface while " +
    "the and that it is an as at by be are was who has have with its not no when what which"
  ).split(" "),
);

/** The weight of a word: low when most paragraphs of the page have it. */
function rarityIn({ paragraphs }: ReadPage): (word: string) => number {
  const sets = paragraphs.map(({ text }) => wordsIn(text));
  return (word) => {
    const having = sets.filter((set) => set.has(word)).length;
    return Math.log((1 + sets.length) / Math.max(1, having));
  };
}

/** The name of the smallest declaration around all the lines: `leave`. */
function nameAround(step: Step, lines: readonly number[]): string | undefined {
  const [smallest] = [...symbolsOf(serverOf(step))]
    .filter(([name]) => !name.startsWith("#"))
    .filter(([, [start, end]]) => lines.every((line) => line > start && line <= end))
    .map(([name, [start, end]]) => ({ name, size: end - start }))
    .sort((a, b) => a.size - b.size);
  if (!smallest || smallest.size > LONGEST) return undefined;
  return smallest.name.replace(/^.*[.#]/, "");
}

/** The new lines of the hunk that the lines are in. */
function newAround(step: Step, lines: readonly number[]): string[] {
  const earlier = before(step);
  const old = earlier ? serverOf(earlier) : undefined;
  const { hunks } = diffFile("server.ts", old, serverOf(step), { context: 0 });
  return hunks
    .filter(({ new: { start, count } }) =>
      lines.some((line) => line >= start && line < start + count),
    )
    .flatMap(({ rows }) => rows.filter(({ kind }) => kind === "added"))
    .map(({ text }) => text);
}

const pages = new Map<string, ReadPage | undefined>();

/** Reads each page once. */
function pageOf(step: Step): ReadPage | undefined {
  if (!pages.has(step.slug)) pages.set(step.slug, readPage(step));
  return pages.get(step.slug);
}
