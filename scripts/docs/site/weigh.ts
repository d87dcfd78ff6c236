// The weight of a page: everything that must load before it can be read, compressed. Print
// and forced-colours stylesheets do not count, because they do not block it.
import { posix } from "node:path";
import { gzipSync } from "node:zlib";
import type { Built } from "./build.ts";

interface Weight {
  readonly path: string;
  readonly kind: Kind;
  /** Bytes of the page, its stylesheet and its script, gzipped. */
  readonly bytes: number;
  /** The most that a page of its kind may weigh, in bytes. */
  readonly budget: number;
}

type Kind = "page" | "comparison" | "source" | "book";

/** `page` is read from start to end; the others show complete files, to look things up. */
const BUDGETS: Readonly<Record<Kind, number>> = {
  page: 40_000,
  comparison: 60_000,
  source: 42_000,
  book: 600_000,
};

/** The weight of every page. */
export function weigh(files: Built): Weight[] {
  const sizes = new Map<string, number>();
  const size = (path: string) => {
    const known = sizes.get(path) ?? gzipSync(files.get(path) ?? "").length;
    sizes.set(path, known);
    return known;
  };
  return [...files].flatMap(([path, text]) => {
    if (!path.endsWith(".html")) return [];
    const loaded = [
      ...text.matchAll(/<(?:link rel="stylesheet" href|script defer src)="([^"?]+)/g),
    ];
    const parts = loaded.map(([, to = ""]) => posix.join(posix.dirname(path), to));
    const bytes = [path, ...parts].reduce((sum, part) => sum + size(part), 0);
    const kind = kindOf(path);
    return [{ path, kind, bytes, budget: BUDGETS[kind] }];
  });
}

function kindOf(path: string): Kind {
  if (path === "book.html") return "book";
  if (path.startsWith("compare/")) return "comparison";
  return path.startsWith("source/") ? "source" : "page";
}
