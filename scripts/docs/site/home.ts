// The home page: what the book builds, the path there, and where to begin.

import type { Facts } from "../../facts.ts";
import { type Html, html, trusted } from "../html.ts";
import type { Page } from "../page.ts";
import { frame, TITLE } from "./frame.ts";
import { navOf } from "./nav.ts";
import { partsOf, type Site } from "./site.ts";
import { viaSwitch } from "./via.ts";

/** The link to the duel, where two steps can be tried side by side. */
const DUEL = html`<p><a href="duel.html">Two steps, one keyboard</a>: what you type goes to both, and you see where they part.</p>
`;

/** The file of the home page. Generated parts go into its sections, if those exist. */
export function homeFile(site: Site, page: Page): string {
  const { asides } = partsOf(site.pages);
  const rest = [
    ["the-path", html`${pathOf(site.facts)}${DUEL}`],
    ["the-reactor", pathOf(site.reactor)],
    ["beyond-one-machine", pathOf(site.machines)],
    ["asides", cards(asides)],
    ["begin", begin(site)],
  ] as const;
  const body = rest.reduce(
    (text, [id, more]) => (more ? afterSection(text, id, more) : text),
    page.body,
  );
  return frame(site, {
    path: page.path,
    title: TITLE,
    description: page.description,
    layout: "home",
    tools: true,
    nav: navOf(site, page.path),
    body: html`<article>
${opening(body, `${site.facts[0]?.step.slug}.html`)}
</article>`,
  });
}

/** The introduction, and next to it the first section: a picture of the result. */
function opening(body: string, start: string): Html {
  const [first = body.length, second = body.length] = [...body.matchAll(/<h2[ >]/g)].map(
    ({ index }) => index,
  );
  return html`<div class="opening">
<div class="telling"><h1>A server, <em>built in front of you</em></h1>
${trusted(body.slice(0, first))}
<p class="start"><a href="${start}">Begin with the first</a> <span>or run it: <code class="command">npx -y rust-just example 1</code></span> ${viaSwitch("via-start")}</p></div>
<section class="played">${trusted(body.slice(first, second))}</section>
</div>
${trusted(body.slice(second))}`;
}

/** The steps as bars: as long as the file, with the new part highlighted. */
function pathOf(all: readonly Facts[]): Html {
  const most = Math.max(...all.map(({ lines }) => lines));
  const steps = all.map(({ step, number, name, idea, lines, change }) => {
    const added = change?.added ?? lines;
    const fresh = Math.min(100, Math.round((100 * added) / lines));
    const size = ((100 * lines) / most).toFixed(1);
    const news = change ? `, ${added} new` : "";
    return html`<li><a href="${step.slug}.html"><span class="number">${number}</span> <span class="name">${name}</span> <span class="idea">${idea}</span></a>
<span class="size"><span class="length" style="--size:${size}%;--fresh:${fresh}%"></span><span class="lines">${lines} lines<span class="unseen">${news}</span></span></span></li>
`;
  });
  return html`<ol class="steps">
${steps}</ol>
`;
}

function cards(pages: readonly Page[]): Html | undefined {
  if (pages.length === 0) return undefined;
  const items = pages.map(
    ({ path, title, teaser, description }) =>
      html`<li><a href="${path}">${title}</a> <span class="idea">${teaser ?? firstSentence(description)}</span></li>\n`,
  );
  return html`<ul class="cards">
${items}</ul>
`;
}

/** How to get the repository, if its address is known. */
function begin({ repository }: Site): Html | undefined {
  if (repository === undefined) return undefined;
  const name = repository.split("/").at(-1);
  return html`<p>The repository is at <a href="${repository}">${repository.replace(/^https:\/\//, "")}</a>:</p>
<div class="fence"><pre tabindex="0"><code>git clone ${repository}
cd ${name}
npx -y rust-just example 1</code></pre></div>
`;
}

function firstSentence(text: string): string {
  return /^.*?[.?!](?=\s|$)/s.exec(text)?.[0] ?? text;
}

/** Inserts something at the end of the section with the given id, if there is one. */
function afterSection(body: string, id: string, more: Html): string {
  const heading = body.search(new RegExp(`<h2[^>]* id="${id}"`));
  if (heading < 0) return body;
  const next = body.indexOf("<h2", heading + 1);
  const end = next < 0 ? body.length : next;
  return body.slice(0, end) + more.toString() + body.slice(end);
}
