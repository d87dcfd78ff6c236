// A page of prose in its frame: what goes above its title and below its text.

import type { Facts } from "../../facts.ts";
import { type Html, html, trusted } from "../html.ts";
import { comparePage, linkTo, sourcePage } from "../links.ts";
import type { Page } from "../page.ts";
import { duelAddress } from "./duel.ts";
import { frame } from "./frame.ts";
import { growth } from "./growth.ts";
import { navOf } from "./nav.ts";
import type { Site } from "./site.ts";

const WORDS_A_MINUTE = 220;

/** The file of a chapter, an aside or a page of reference. */
export function chapterFile(site: Site, page: Page): string {
  const { before, after } = neighbours(site, page);
  return frame(site, {
    path: page.path,
    title: page.title,
    description: page.description,
    layout: "reading",
    nav: navOf(site, page.path),
    head: html`${before && relation("prev", page, before)}${after && relation("next", page, after)}`,
    body: html`<article>
<header class="title">${above(site, page, before, after)}${heading(page)}</header>
${withRun(site, page)}
</article>`,
    foot: html`<footer class="foot">
<nav class="ways" aria-label="Previous and next">${before && way("prev", page, before)}${after && way("next", page, after)}</nav>
<p class="edit"><a href="#content">Top</a>${editLink(site, page)}</p>
</footer>`,
  });
}

/** The text, with a button in its "Try it" section that runs the step. */
function withRun({ playground, facts }: Site, { path, body }: Page): Html {
  const slug = path.replace(".html", "");
  const script = playground?.steps.get(slug);
  if (playground === undefined || script === undefined) return trusted(body);
  const number = facts.find(({ step }) => step.slug === slug)?.step.number ?? 0;
  const beside =
    number > 1 &&
    html` <a class="beside" href="${duelAddress(path, number - 1, number)}">Beside ${`${number - 1}`.padStart(2, "0")}, with one keyboard</a>`;
  const scripts = [playground.machine, playground.panel, script].join(" ");
  const run = html`<p class="needs-js"><button type="button" class="run" data-run="${slug}" data-scripts="${scripts}">Run it here</button>${beside}</p>`;
  return trusted(
    body.replace(/<h2 id="try-it".*?<\/h2>/s, (heading) => `${heading}${run}`),
  );
}

/** The title, with its number set apart as in the path. */
export function heading({ title }: Page): Html {
  const [, number, name = title] = /^(\w{1,3}) · (.+)$/.exec(title) ?? [];
  const mark =
    number && html`<span class="number">${number}<span class="dot"> · </span></span>`;
  return html`<h1>${mark}${name}</h1>`;
}

/** The position of a page, between links to the previous and the next one. */
function place(
  page: Page,
  before: Page | undefined,
  after: Page | undefined,
  where: string,
): Html {
  const arrow = (to: Page | undefined, said: string, sign: string) =>
    to &&
    html`<a href="${linkTo(page.path, to.path)}" aria-label="${said} ${to.title}">${sign}</a>`;
  return html`<li class="near">${arrow(before, "Back to", "←")} ${where} ${arrow(after, "On to", "→")}</li>`;
}

function above(
  site: Site,
  page: Page,
  before: Page | undefined,
  after: Page | undefined,
): Html {
  const minutes = Math.max(1, Math.round(page.words / WORDS_A_MINUTE));
  const reading = html`<li>${minutes} min to read</li>`;
  const row = [site.facts, site.reactor, site.machines].find((all) => factsOf(all, page));
  const facts = row && factsOf(row, page);
  if (row === undefined || facts === undefined) {
    const aside = page.kind === "aside" && place(page, before, after, "Aside");
    return html`<ul class="kicker">${aside}${reading}</ul>`;
  }
  const isStep = row === site.facts;
  const name = isStep ? String(facts.step.number) : facts.number;
  const part = { chat: "Step", reactor: "Reactor", machines: "Machines" }[
    facts.step.part
  ];
  // The reactor has no r7, so its numbers don't count the steps.
  const where = `${part} ${row.indexOf(facts) + 1} of ${row.length}`;
  return html`${growth(row, facts)}<ul class="kicker">
${place(page, before, after, where)}
${reading}
${linesOf(page, facts, isStep)}
<li><code class="command">just example ${name}</code></li>
</ul>`;
}

function factsOf(all: readonly Facts[], page: Page): Facts | undefined {
  return all.find(({ step }) => page.path === `${step.slug}.html`);
}

/** The number of changed lines, which links to a comparison for the eighteen steps. */
function linesOf(
  page: Page,
  { step, lines, change, before }: Facts,
  isStep: boolean,
): Html {
  const source = linkTo(page.path, sourcePage(`examples/${step.slug}/server.ts`));
  const total = html`<li><a href="${source}">${lines} lines</a></li>`;
  if (!change || !before) return total;
  const counts = html`<span class="added">+${change.added}</span> <span class="removed">−${change.removed}</span><span class="unseen"> lines since ${before.slug}</span>`;
  const compared = linkTo(page.path, comparePage(before, step));
  return html`${total}
<li>${isStep ? html`<a href="${compared}">${counts}</a>` : counts}</li>`;
}

/** Chapters and asides each have their own sequence; a reference page stands alone. */
function neighbours(site: Site, page: Page) {
  const row = site.pages.filter(
    ({ kind }) => kind === page.kind && page.kind !== "reference",
  );
  const index = row.indexOf(page);
  return { before: row[index - 1], after: index < 0 ? undefined : row[index + 1] };
}

function relation(rel: "prev" | "next", page: Page, to: Page): Html {
  return html`<link rel="${rel}" href="${linkTo(page.path, to.path)}">`;
}

function way(rel: "prev" | "next", page: Page, to: Page): Html {
  const word = rel === "prev" ? "Previous" : "Next";
  return html`<a class="${rel}" rel="${rel}" href="${linkTo(page.path, to.path)}"><small>${word}</small> ${to.title}</a>`;
}

function editLink({ repository }: Site, page: Page): Html | undefined {
  if (repository === undefined) return undefined;
  return html` <a href="${repository}/edit/main/${page.source}">Edit this page</a>`;
}
