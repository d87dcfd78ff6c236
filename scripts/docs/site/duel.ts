// The page of the duel: one keyboard, two steps side by side.
import type { Facts } from "../../facts.ts";
import { type Html, html, trusted } from "../html.ts";
import { linkTo } from "../links.ts";
import { frame } from "./frame.ts";
import { navOf } from "./nav.ts";
import type { PlayAddresses } from "./play.ts";
import type { Site } from "./site.ts";

const PATH = "duel.html";

/**
 * Client moves that show what a step adds, by its number, as the fields of an address.
 * There is none for 04, because here a line arrives in one piece.
 */
const TELLING: Readonly<Record<number, string>> = {
  2: "ann=hello&ann.finish=&bob=hi",
  3: "ann=hello",
  5: "ann=hello&ann=/quit",
  6: "ann=hello&bob=hi",
  7: "ann=hello&bob=hi",
  8: "ann=hello",
  9: "ann=hello",
  10: "ann=/name Otter&ann=hello",
  11: "ann=/name Otter&ann=/quit&bob=/name Otter",
  12: "eve.connect=&ann=/quit",
  13: "ann=/join pub&ann=hello",
  14: "ann=/rooms",
  15: "ann=/join pub&ann=/join main&bob=/rooms",
  16: "ann=/users",
  17: "ann=/nmae Otter",
  18: "ann=/name main&ann=hello",
};

/** A link to the duel of two steps; for neighbours, with the moves that tell them apart. */
export function duelAddress(page: string, from: number, to: number): string {
  const moves = to === from + 1 ? TELLING[to] : undefined;
  const fields = new URLSearchParams(moves);
  const two = (step: number) => `${step}`.padStart(2, "0");
  const pair = `left=${two(from)}&right=${two(to)}`;
  return `${linkTo(page, PATH)}?${pair}${moves === undefined ? "" : `&${fields}`}`;
}

/** The file of the page. */
export function duelFile(site: Site): string {
  const { facts } = site;
  return frame(site, {
    path: PATH,
    title: "Duel",
    description: "One keyboard, two steps beside each other.",
    layout: "wide",
    tools: true,
    nav: navOf(site, PATH),
    body: html`<article>
<header class="title"><h1>Duel</h1>
<p class="lead">One keyboard, two steps. What you type goes to both servers, and you see where their answers part. Both run in this page, with the same seed.</p></header>
${site.playground ? form(site.playground, facts) : html`<p>This copy of the site was built without the machine that runs the steps: the library of Node could not be fetched. <code class="command">just docs</code> builds it again.</p>`}
<section id="duel" class="duel" aria-label="The duel" hidden></section>
<h2>What a step brings</h2>
<ul class="duel-hops">
${facts.slice(1).map((one, index) => hop(one, facts[index]))}</ul>
</article>`,
  });
}

function form({ machine, duel, steps }: PlayAddresses, facts: readonly Facts[]): Html {
  const choice = (label: string, name: string, chosen: number) =>
    html`<label>${label} <select name="${name}" autocomplete="off">${facts.map(
      ({ number, name: title, step }) =>
        html`<option value="${number}" data-step="${step.slug}" data-script="${steps.get(step.slug)}"${step.number === chosen && trusted(" selected")}>${number} ${title}</option>`,
    )}</select></label>`;
  return html`<form class="pair duel-steps needs-js" data-scripts="${machine} ${duel}">${choice("Left", "left", 7)} ${choice("right", "right", 8)} <button type="submit">Start</button></form>
<noscript><p>This page needs a script. Without one, each step's page shows what its clients typed and saw.</p></noscript>`;
}

function hop({ step, number, idea }: Facts, before: Facts | undefined): Html {
  const address = duelAddress(PATH, step.number - 1, step.number);
  return html`<li><a href="${address}"><span class="number">${number}</span> beside ${before?.number}</a> <span class="idea">${idea}</span></li>\n`;
}
