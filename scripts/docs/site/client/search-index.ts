// The script that the search box loads: the index, as the build made it, and who asks it.
import MiniSearch, { type Options } from "minisearch";

export interface Document {
  readonly id: number;
  /** From the site's folder, with its anchor: `08-chat.html#select`. */
  readonly address: string;
  readonly page: string;
  readonly heading: string;
  readonly text: string;
}

export interface Hit extends Pick<Document, "address" | "page" | "heading"> {
  readonly excerpt: readonly { readonly text: string; readonly found: boolean }[];
}

/** The same for who builds the index and who asks it. */
export const OPTIONS: Options<Document> = {
  fields: ["heading", "page", "text"],
  storeFields: ["address", "page", "heading", "text"],
  searchOptions: {
    boost: { heading: 4, page: 3 },
    prefix: (term) => term.length > 1,
    fuzzy: (term) => (term.length > 4 ? 0.2 : false),
    combineWith: "AND",
  },
};

const MOST = 20;
/** Letters of an excerpt, and how many of them stand before what was found. */
const EXCERPT = 140;
const BEFORE = 40;

/** Makes of an index the function that searches it. */
export function searcher(index: string): (query: string) => Hit[] {
  const search = MiniSearch.loadJSON<Document>(index, OPTIONS);
  return (query) =>
    search
      .search(query)
      .slice(0, MOST)
      .map(({ address, page, heading, text, terms }) => ({
        address,
        page,
        heading,
        excerpt: excerptOf(text, terms),
      }));
}

function excerptOf(text: string, terms: readonly string[]): Hit["excerpt"] {
  const words = terms.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const found = new RegExp(`(${words.join("|")})`, "iu");
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
