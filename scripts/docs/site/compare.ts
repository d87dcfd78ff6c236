// Comparing any two steps: a table of all pairs, and a page for each pair.

import type { Step } from "../../../behaviours/steps.ts";
import { changeOf } from "../../diff/code.ts";
import { filesOfStep } from "../../diff/files.ts";
import type { Facts } from "../../facts.ts";
import { type Html, html, trusted } from "../html.ts";
import { comparePage, linkTo, rootOf } from "../links.ts";
import { duelAddress } from "./duel.ts";
import { frame } from "./frame.ts";
import { navOf } from "./nav.ts";
import type { Site } from "./site.ts";

const PATH = "compare.html";

interface Pair {
  readonly from: Facts;
  readonly to: Facts;
  readonly added: number;
  readonly removed: number;
}

/** All pages of the comparison, by path. */
export async function compareFiles(
  site: Site,
  drawDiff: (from: Step, to: Step) => Promise<string>,
): Promise<Map<string, string>> {
  const pairs = pairsOf(site.facts);
  const files = new Map([[PATH, tableFile(site, pairs)]]);
  for (const pair of pairs) {
    const diff = await drawDiff(pair.from.step, pair.to.step);
    files.set(comparePage(pair.from.step, pair.to.step), pairFile(site, pair, diff));
  }
  return files;
}

function pairsOf(facts: readonly Facts[]): Pair[] {
  const files = facts.map(({ step }) => filesOfStep(step));
  return facts.flatMap((from, i) =>
    facts.slice(i + 1).map((to, j) => {
      const [before, after] = [files[i], files[i + 1 + j]];
      return { from, to, ...changeOf(before ?? new Map(), after ?? new Map()) };
    }),
  );
}

function tableFile(site: Site, pairs: readonly Pair[]): string {
  const { facts } = site;
  const most = Math.max(...pairs.map(({ added }) => added));
  const head = facts
    .slice(1)
    .map(
      ({ number, name }) =>
        html`<th scope="col"><abbr title="${name}">${number}</abbr></th>`,
    );
  const rows = facts.slice(0, -1).map((from, index) => {
    const cells = facts.slice(1).map((_, column) => {
      const pair = pairs.find((one) => one.from === from && one.to === facts[column + 1]);
      return column < index || !pair
        ? html`<td></td>`
        : cell(pair, most, column === index);
    });
    const { number, name } = from;
    return html`<tr><th scope="row"><span class="number">${number}</span> <span class="name">${name}</span></th>${cells}</tr>\n`;
  });
  return frame(site, {
    path: PATH,
    title: "Compare",
    description: "Any two of the steps, side by side.",
    layout: "wide",
    tools: true,
    nav: navOf(site, PATH),
    body: html`<article>
<header class="title"><h1>Compare</h1>
<p class="lead">Pick any two steps: the row is where you begin, the column where you arrive, and the number is how many lines are new on the way. The diagonal is the path, one step at a time.</p></header>
${form(facts, facts[0], facts[1])}
<div class="scroll" tabindex="0" role="region" aria-label="All pairs">
<table class="pairs">
<thead><tr><th scope="col">from, to</th>${head}</tr></thead>
<tbody>
${rows}</tbody>
</table>
</div>
<p>The same in a terminal: <code class="command">just diff 6 12</code>. What the change does: <a href="duel.html">two steps, one keyboard</a>.</p>
</article>`,
  });
}

/** The background grows with the root of the new lines, because most pairs are small. */
function cell({ from, to, added, removed }: Pair, most: number, hop: boolean): Html {
  const strength = Math.round(8 + 40 * Math.sqrt(added / most));
  const label = `from ${from.number} to ${to.number}: ${added} lines added, ${removed} removed`;
  return html`<td${hop && trusted(' class="hop"')} style="--strength:${strength}%"><a href="${comparePage(from.step, to.step)}" aria-label="${label}">${added}</a></td>`;
}

function pairFile(site: Site, { from, to }: Pair, diff: string): string {
  const path = comparePage(from.step, to.step);
  const command = `just diff ${from.step.number} ${to.step.number}`;
  return frame(site, {
    path,
    title: `${from.number} to ${to.number}`,
    description: `What changes from ${from.step.slug} to ${to.step.slug}.`,
    layout: "wide",
    tools: true,
    nav: navOf(site, path),
    body: html`<article class="comparison">
<header class="title">
<ul class="kicker"><li><a href="${linkTo(path, PATH)}">Compare</a></li><li><code class="command">${command}</code></li><li><a href="${duelAddress(path, from.step.number, to.step.number)}">Both with one keyboard</a></li></ul>
<h1>${chapter(path, from)} <span class="to">to</span> ${chapter(path, to)}</h1>
</header>
${form(site.facts, from, to)}
${trusted(diff)}
${hops(site, path, from, to)}
</article>`,
  });
}

function chapter(path: string, { number, name, step }: Facts): Html {
  return html`<a href="${linkTo(path, `${step.slug}.html`)}"><span class="number">${number}</span> ${name}</a>`;
}

/** With a script, the reader chooses both steps here; without it, in the table. */
function form(
  facts: readonly Facts[],
  from: Facts | undefined,
  to: Facts | undefined,
): Html {
  const choice = (label: string, chosen: Facts | undefined) =>
    html`<label>${label} <select autocomplete="off">${facts.map(
      (one) =>
        html`<option value="${one.number}"${one === chosen && trusted(" selected")}>${one.number} ${one.name}</option>`,
    )}</select></label>`;
  return html`<form class="pair needs-js">${choice("From", from)} ${choice("to", to)} <button type="submit">Compare</button> <output></output></form>`;
}

/** Links to the adjacent pairs. */
function hops(site: Site, path: string, from: Facts, to: Facts): Html {
  const at = (facts: Facts, by: number) => site.facts[site.facts.indexOf(facts) + by];
  const link = (a: Facts | undefined, b: Facts | undefined, rel: "prev" | "next") =>
    a && b && a.step.number < b.step.number
      ? html`<a class="${rel}" href="${linkTo(path, comparePage(a.step, b.step))}"><small>${rel === "prev" ? "One hop back" : "One hop forward"}</small> ${a.number} to ${b.number}</a>`
      : undefined;
  return html`<nav class="ways" aria-label="Pairs next to this one">${link(at(from, -1), at(to, -1), "prev")}${link(at(from, 1), at(to, 1), "next")}</nav>
<p class="unseen"><a href="${rootOf(path)}${PATH}">All pairs</a></p>`;
}
