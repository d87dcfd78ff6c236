// The script that the search box loads: the documents, and the search engine. The index is
// built in the browser, which is quicker than downloading it.
import MiniSearch, { type Query, type SearchResult } from "minisearch";
import { patternOf } from "./found.ts";

/** A section of a page, a behaviour, or a name that a source file defines. */
export interface Document {
  /** The address from the root of the site, with its anchor: `08-chat.html#select`. */
  readonly address: string;
  readonly page: string;
  readonly heading: string;
  readonly text: string;
  /** One line of code per line. */
  readonly code: string;
  /** Other words for it, for people who do not know its name. */
  readonly alias?: string;
  /** The factor for its score; 1 for most. */
  readonly weight: number;
}

export interface Hit extends Pick<Document, "address" | "page" | "heading"> {
  readonly excerpt: readonly { readonly text: string; readonly found: boolean }[];
  /** Whether the excerpt is a line of code. */
  readonly inCode: boolean;
  /** The words that were found, as they appear on the page. */
  readonly words: readonly string[];
}

export interface Found {
  /** The number of results. `hits` are the best of them. */
  readonly total: number;
  readonly hits: readonly Hit[];
}

const MOST = 25;
/** The length of an excerpt, and how many of its characters precede the match. */
const EXCERPT = 140;
const BEFORE = 40;

/** Words in a query that every page contains. */
const FILLING = new Set(
  "a an and are can do does for how i in is it me my of on or the to we what when where which who why with you".split(
    " ",
  ),
);

/** Returns a function that searches the documents. */
export function searcher(documents: readonly Document[]): (query: string) => Found {
  const index = new MiniSearch<Document & { readonly id: number }>({
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
  // The place is the id: sent with each document, the ids would be 8 kB of the download.
  index.addAll(documents.map((document, id) => ({ ...document, id })));
  const isKnown = (word: string) => index.search(word).length > 0;
  return (text) => {
    const all = wordsIn(text);
    const telling = all.filter((word) => !FILLING.has(word.toLowerCase()));
    const words = telling.length > 0 ? telling : all;
    if (words.length === 0) return { total: 0, hits: [] };
    const queries = words.map((word) => (isKnown(word) ? word : alike(word)));
    let results = index.search({ combineWith: "AND", queries });
    // No document has all of the words, so search for any of them.
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

/** Splits at everything except letters, digits and characters of names; also at hyphens. */
function wordsIn(text: string): string[] {
  return text.split(/[^\p{L}\p{N}_$]+/u).filter((word) => word !== "");
}

/** Makes `delay` find `setNoDelay`. */
function withParts(word: string): string[] {
  const parts = word.split(/(?<=[a-z])(?=[A-Z])|_/);
  return parts.length === 1 ? [word] : [word, ...parts];
}

/** Similar words, for a word that no page has: typing errors and its parts. */
function alike(word: string): Query {
  const swapped = Array.from({ length: word.length - 1 }, (_, at) => {
    const [a = "", b = ""] = [word[at], word[at + 1]];
    return word.slice(0, at) + b + a + word.slice(at + 2);
  });
  const wrong = word.length < 4 ? false : word.length < 8 ? 1 : 2;
  // A name that we do not use may consist of words that we do: `setNoDelay`.
  const [, ...parts] = withParts(word);
  const queries: Query[] = [word, ...swapped.map(exactly)];
  if (parts.length > 0)
    queries.push({ combineWith: "AND", fuzzy: false, queries: parts });
  return { combineWith: "OR", fuzzy: wrong, queries };
}

function exactly(word: string): Query {
  return { queries: [word], fuzzy: false, prefix: false };
}

/** Ranks documents with the query as their heading first. */
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
  // The longest word is the most specific: the others may be in every sentence.
  const [longest = ""] = [...terms].sort((a, b) => b.length - a.length);
  const patterns = [patternOf([longest], "iu"), patternOf(terms, "iu")];
  const inText = patterns.find((one) => one.test(text));
  const inLine = inText ? undefined : patterns.find((one) => one.test(code));
  const found = inText ?? inLine ?? patternOf(terms, "iu");
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

function excerptOf(text: string, found: RegExp): Hit["excerpt"] {
  // From the start of a word to the end of a word.
  const near = text.search(found) - BEFORE;
  const start = near <= 0 ? 0 : text.indexOf(" ", near) + 1;
  const full = text.length <= start + EXCERPT;
  const end = full ? text.length : text.lastIndexOf(" ", start + EXCERPT);
  const shown = `${start > 0 ? "… " : ""}${text.slice(start, end)}${full ? "" : " …"}`;
  return shown
    .split(found)
    .map((piece, index) => ({ text: piece, found: index % 2 === 1 }));
}
