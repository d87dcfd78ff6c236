// The script that the search box loads: what the pages say, and what looks through it. The
// index is made in the browser: that takes a moment, and to send it would take longer.
import MiniSearch, { type Query, type SearchResult } from "minisearch";

/** A section of a page, a behaviour, or a name that a source file defines. */
export interface Document {
  readonly id: number;
  /** From the site's folder, with its anchor: `08-chat.html#select`. */
  readonly address: string;
  readonly page: string;
  readonly heading: string;
  readonly text: string;
  /** A line each. */
  readonly code: string;
  /** What people call it who do not know its name. */
  readonly alias?: string;
  /** How much it counts, 1 for most. */
  readonly weight: number;
}

export interface Hit extends Pick<Document, "address" | "page" | "heading"> {
  readonly excerpt: readonly { readonly text: string; readonly found: boolean }[];
  /** Whether the excerpt is a line of code. */
  readonly inCode: boolean;
  /** What was found, as the page has it. */
  readonly words: readonly string[];
}

export interface Found {
  /** How many there are; `hits` are the best of them. */
  readonly total: number;
  readonly hits: readonly Hit[];
}

const MOST = 25;
/** Letters of an excerpt, and how many of them stand before what was found. */
const EXCERPT = 140;
const BEFORE = 40;

/** Words of a question that every page has. */
const FILLING = new Set(
  "a an and are can do does for how i in is it me my of on or the to we what when where which who why with you".split(
    " ",
  ),
);

/** Makes of documents the function that searches them. */
export function searcher(documents: readonly Document[]): (query: string) => Found {
  const index = new MiniSearch<Document>({
    fields: ["heading", "page", "text", "code", "alias"],
    tokenize: (text) => wordsIn(text).flatMap(withParts),
    searchOptions: {
      tokenize: wordsIn,
      boost: { heading: 4, page: 3, alias: 6, code: 0.5 },
      boostDocument: (id) => documents[id]?.weight ?? 1,
      prefix: (word) => word.length > 1,
      combineWith: "AND",
    },
  });
  index.addAll(documents);
  const isKnown = (word: string) => index.search(word).length > 0;
  return (text) => {
    const all = wordsIn(text);
    const telling = all.filter((word) => !FILLING.has(word.toLowerCase()));
    const words = telling.length > 0 ? telling : all;
    if (words.length === 0) return { total: 0, hits: [] };
    const queries = words.map((word) => (isKnown(word) ? word : alike(word)));
    let results = index.search({ combineWith: "AND", queries });
    // Nothing has all of them: better some than nothing.
    if (results.length === 0) results = index.search({ combineWith: "OR", queries });
    const asked = text.trim().toLowerCase();
    const ranked = results
      .map((result) => ({
        result,
        score: result.score * likeness(documents, result, asked),
      }))
      .sort((a, b) => b.score - a.score);
    return {
      total: ranked.length,
      hits: ranked.slice(0, MOST).flatMap(({ result }) => hitOf(documents, result)),
    };
  };
}

/** Letters, digits and what names in code may have; a hyphen parts words. */
function wordsIn(text: string): string[] {
  return text.split(/[^\p{L}\p{N}_$]+/u).filter((word) => word !== "");
}

/** `setNoDelay` is found by `delay` too. */
function withParts(word: string): string[] {
  const parts = word.split(/(?<=[a-z])(?=[A-Z])|_/);
  return parts.length === 1 ? [word] : [word, ...parts];
}

/** A word that no page has, with the errors that a hurried typist makes. */
function alike(word: string): Query {
  const swapped = Array.from({ length: word.length - 1 }, (_, at) => {
    const [a = "", b = ""] = [word[at], word[at + 1]];
    return word.slice(0, at) + b + a + word.slice(at + 2);
  });
  const wrong = word.length < 4 ? false : word.length < 8 ? 1 : 2;
  // A name that we do not use, made of words that we do: `setNoDelay`.
  const [, ...parts] = withParts(word);
  const queries: Query[] = [word, ...swapped.map(exactly)];
  if (parts.length > 0)
    queries.push({ combineWith: "AND", fuzzy: false, queries: parts });
  return { combineWith: "OR", fuzzy: wrong, queries };
}

function exactly(word: string): Query {
  return { queries: [word], fuzzy: false, prefix: false };
}

/** What is named as the question is stands first. */
function likeness(
  documents: readonly Document[],
  { id }: SearchResult,
  asked: string,
): number {
  const heading = documents[id]?.heading.toLowerCase() ?? "";
  if (heading === asked) return 3;
  return heading.startsWith(asked) ? 1.6 : 1;
}

function hitOf(documents: readonly Document[], { id, terms }: SearchResult): Hit[] {
  const document = documents[id];
  if (!document) return [];
  const { address, page, heading, text, code } = document;
  // The longest says most: the others may be in every sentence.
  const [longest = ""] = [...terms].sort((a, b) => b.length - a.length);
  const patterns = [patternOf([longest]), patternOf(terms)];
  const inText = patterns.find((one) => one.test(text));
  const inLine = inText ? undefined : patterns.find((one) => one.test(code));
  const found = inText ?? inLine ?? patternOf(terms);
  const line = inLine && code.split("\n").find((one) => inLine.test(one));
  return [
    {
      address,
      page,
      heading,
      words: terms,
      inCode: line !== undefined,
      excerpt: excerptOf(line ?? text, found),
    },
  ];
}

/** Any of the words, at its beginning: `race` is in `races`, and not in `trace`. */
function patternOf(words: readonly string[]): RegExp {
  const each = words.map((word) => word.replace(/[$]/g, "\\$&"));
  return new RegExp(`(?<![\\p{L}\\p{N}])(${each.join("|")})`, "iu");
}

function excerptOf(text: string, found: RegExp): Hit["excerpt"] {
  // From a word's beginning to a word's end.
  const near = text.search(found) - BEFORE;
  const start = near <= 0 ? 0 : text.indexOf(" ", near) + 1;
  const full = text.length <= start + EXCERPT;
  const end = full ? text.length : text.lastIndexOf(" ", start + EXCERPT);
  const shown = `${start > 0 ? "… " : ""}${text.slice(start, end)}${full ? "" : " …"}`;
  return shown
    .split(found)
    .map((piece, index) => ({ text: piece, found: index % 2 === 1 }));
}
