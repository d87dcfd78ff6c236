// Links between the files of the site, all relative: it may be opened from any folder.
import { posix } from "node:path";

/** The way from a page to the site's own folder: `` for `a.html`, `../` for `b/a.html`. */
export function rootOf(path: string): string {
  return "../".repeat(path.split("/").length - 1);
}

/** The way from one page to another; what follows `#` stays. */
export function linkTo(from: string, to: string): string {
  const [path = "", anchor] = to.split("#");
  const way = path === from ? "" : posix.relative(posix.dirname(from), path);
  return anchor === undefined ? way || posix.basename(from) : `${way}#${anchor}`;
}

/** Where the page of a source file stands: `source/examples/08-chat/server.ts.html`. */
export function sourcePage(file: string): string {
  return `source/${file}.html`;
}

/** Where the page stands that compares two steps: `compare/06-12.html`. */
export function comparePage(from: { slug: string }, to: { slug: string }): string {
  return `compare/${from.slug.slice(0, 2)}-${to.slug.slice(0, 2)}.html`;
}
