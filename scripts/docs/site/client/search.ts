// Entry of the script of the search: the build puts the index in front of it.
import { searcher } from "./search-index.ts";

declare const SEARCH_INDEX: string;

Object.assign(globalThis, { siteSearch: searcher(SEARCH_INDEX) });
