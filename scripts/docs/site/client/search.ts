// The entry point of the search script. The build puts the documents in front of it.
import { type Document, searcher } from "./search-index.ts";

declare const SEARCH_DOCUMENTS: readonly Document[];

Object.assign(globalThis, { siteSearch: searcher(SEARCH_DOCUMENTS) });
