// The index of the search, made from the sections of all pages.
import MiniSearch from "minisearch";
import type { Page } from "../page.ts";
import { type Document, OPTIONS } from "./client/search-index.ts";

/**
 * The script that the search box loads: a script and no data, for a page that is opened
 * from a file may not fetch.
 *
 * @param searcher What asks the index, bundled.
 */
export function searchScript(pages: readonly Page[], searcher: string): string {
  const search = new MiniSearch<Document>(OPTIONS);
  search.addAll(documentsOf(pages));
  const index = JSON.stringify(JSON.stringify(search));
  return `{const SEARCH_INDEX=${index};\n${searcher}}\n`;
}

/** A document a section. What stands before the first heading goes by the page's title. */
function documentsOf(pages: readonly Page[]): Document[] {
  const all = pages.flatMap((page) =>
    page.sections.map(({ id, heading, text }) => ({
      address: id === "" ? page.path : `${page.path}#${id}`,
      page: page.title,
      heading: heading || page.title,
      text: text.replace(/\s+/g, " ").trim(),
    })),
  );
  return all.map((document, id) => ({ ...document, id }));
}
