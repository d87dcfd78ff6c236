// The complete book on one page, to print or to keep: all pages in order, with the links
// between them turned into links within the page.
import { posix } from "node:path";
import { type Html, html, trusted } from "../html.ts";
import type { Page } from "../page.ts";
import { heading } from "./chapter.ts";
import { frame } from "./frame.ts";
import { navOf } from "./nav.ts";
import type { Site } from "./site.ts";

const PATH = "book.html";

/** The file of the page. */
export function bookFile(site: Site): string {
  const { pages } = site;
  const contents = pages.map(
    (page) => html`<li><a href="#${anchorOf(page.path)}">${page.title}</a></li>\n`,
  );
  return frame(site, {
    path: PATH,
    title: "The book",
    description: "All pages as one, to be printed or kept.",
    layout: "reading",
    nav: navOf(site, PATH),
    body: html`<article class="cover">
<header class="title"><h1>A server, <em>built in front of you</em></h1>
<p class="lead">The whole book on one page. Print it, or save it as a PDF: each chapter begins on a sheet of its own, and everything folded is open.</p></header>
<ol class="book-contents">
${contents}</ol>
</article>
${pages.map((page) => part(page, pages))}`,
  });
}

function part(page: Page, pages: readonly Page[]): Html {
  return html`<article class="part" id="${anchorOf(page.path)}">
<header class="title">${heading(page)}</header>
${trusted(within(page, pages))}
</article>
`;
}

/** The text of a page, with anchors that are unique in the book. */
function within({ path, body }: Page, pages: readonly Page[]): string {
  const inBook = new Set(pages.map((page) => page.path));
  const mine = (anchor: string) => `${anchorOf(path)}--${anchor}`;
  const leads = (href: string) => {
    if (/^[a-z]+:/.test(href)) return href;
    if (href.startsWith("#")) return `#${mine(href.slice(1))}`;
    const [way = "", anchor] = href.split("#");
    const to = posix.join(posix.dirname(path), way);
    if (!inBook.has(to)) return anchor === undefined ? to : `${to}#${anchor}`;
    return `#${anchorOf(to)}${anchor === undefined ? "" : `--${anchor}`}`;
  };
  return body
    .replace(/ (id|name|aria-labelledby)="([^"]+)"/g, (_, name: string, id: string) => {
      return ` ${name}="${mine(id)}"`;
    })
    .replace(/ href="([^"]+)"/g, (_, href: string) => ` href="${leads(href)}"`)
    .replace(/url\(#([^)]+)\)/g, (_, id: string) => `url(#${mine(id)})`)
    .replace(/#(figure-[\w-]+)(?= )/g, (_, id: string) => `#${mine(id)}`);
}

/** `08-chat`, `asides-select`. */
function anchorOf(path: string): string {
  return path.replace(/\.html$/, "").replaceAll("/", "-");
}
