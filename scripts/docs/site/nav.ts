// The path: every page of the site in reading order, with the contents of the current one.

import { type Html, html, trusted } from "../html.ts";
import { linkTo } from "../links.ts";
import type { Page } from "../page.ts";
import { partsOf, type Site } from "./site.ts";
import { viaSwitch } from "./via.ts";

const TOOLS = [
  ["compare.html", "Compare two steps"],
  ["duel.html", "Duel of two steps"],
  ["evolution.html", "Evolution of the file"],
  ["behaviours.html", "Behaviours by step"],
  ["book.html", "The book on one page"],
] as const;

/**
 * The path as shown on a page.
 *
 * @param from The path of that page in the site.
 */
export function navOf(site: Site, from: string): Html {
  const { steps, reactor, machines, asides, reference } = partsOf(site.pages);
  const here = site.pages.find(({ path }) => path === from);
  const entries = (pages: readonly Page[]) =>
    pages.map((page) =>
      entry(from, page.path, page.title, page === here ? page : undefined),
    );
  const tools = TOOLS.map(([path, title]) => entry(from, path, title, undefined));
  return html`<p class="commands needs-js">Commands with ${viaSwitch("via-path")}</p>
${list("The path", entries(steps), true)}
${list("The reactor", entries(reactor), true)}
${list("Beyond one machine", entries(machines), true)}
${list("Asides", entries(asides), here?.kind === "aside")}
${list("Reference", [...entries(reference), ...tools], true)}`;
}

function list(title: string, entries: readonly Html[], open: boolean): Html | undefined {
  if (entries.length === 0) return undefined;
  return html`<details${open && trusted(" open")}><summary>${title}</summary><ol>${entries}</ol></details>`;
}

/** An entry. The number in `08 · Chat` is set apart. */
function entry(from: string, path: string, title: string, here: Page | undefined): Html {
  const [, number, name = title] = /^(\w{1,3}) · (.+)$/.exec(title) ?? [];
  const mark =
    number === undefined ? undefined : html`<span class="number">${number}</span> `;
  const current = from === path && trusted(' aria-current="page"');
  return html`<li><a href="${linkTo(from, path)}"${current}>${mark}${name}</a>${here && contents(here)}</li>`;
}

/** Without exercises and similar sections, which would fill the list. */
function contents(page: Page): Html | undefined {
  const LEAVES = ["exercises", "check-yourself", "read-on"];
  let within = "";
  const shown = page.headings.filter(({ level, id }) => {
    if (level === 2) within = id;
    return level === 2 || (level === 3 && !LEAVES.includes(within));
  });
  if (shown.length === 0) return undefined;
  const items = shown.map(
    ({ level, id, text }) =>
      html`<li class="l${level}"><a href="#${id}">${text}</a></li>`,
  );
  return html`<ol class="contents" aria-label="On this page">${items}</ol>`;
}
