// The page for an address that does not exist. It may be shown at any address, so its links
// begin at the root of the site, which only its publisher knows.

import { html } from "../html.ts";
import { frame } from "./frame.ts";
import { navOf } from "./nav.ts";
import type { Site } from "./site.ts";

const PATH = "404.html";

/**
 * The file of the page.
 *
 * @param base The path under which the site is published, such as `/chat/`. Without it the
 * links are right only at the page's own address.
 */
export function notFoundFile(site: Site, base = ""): string {
  return withBase(
    frame(site, {
      path: PATH,
      title: "Not found",
      description: "There is no such page.",
      layout: "reading",
      tools: true,
      nav: navOf(site, PATH),
      body: html`<article>
<header class="title"><ul class="kicker"><li>404</li></ul><h1>Nobody listens here</h1></header>
<p>The connection was accepted, but there is no such page.</p>
<div class="lost"><p>Look along <a href="index.html#the-path">the path</a><span class="needs-js">, or <button type="button" class="as-link">search</button></span>.</p></div>
</article>`,
    }),
    base,
  );
}

/** The page, with links that begin at another base. */
export function withBase(page: string, base: string): string {
  return page
    .replace('data-root=""', `data-root="${base}"`)
    .replace(/ (href|src)="(?!#|\/|https?:)/g, ` $1="${base}`);
}
