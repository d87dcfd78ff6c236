// The page of the behaviours: which of them a server of each step has. It is the table that
// the tests check every step against.
import type { Behaviour } from "../../../behaviours/behaviour.ts";
import { CHAT_STEPS, dialectOf } from "../../../behaviours/steps.ts";
import type { Facts } from "../../facts.ts";
import { type Html, html } from "../html.ts";
import { frame } from "./frame.ts";
import { navOf } from "./nav.ts";
import type { Site } from "./site.ts";

const PATH = "behaviours.html";

/** The file of the page. */
export function matrixFile(site: Site, behaviours: readonly Behaviour[]): string {
  const groups = site.facts.map((facts) => {
    const mine = behaviours.filter(({ from }) => from === facts.step.number);
    return mine.length > 0 && group(facts, mine);
  });
  const head = CHAT_STEPS.map(({ slug }) => {
    const path = `${slug}.html`;
    const title = site.pages.find((page) => page.path === path)?.title ?? slug;
    const [number = "", name = ""] = title.split(" · ");
    return html`<th scope="col"><a href="${path}" title="${name}" aria-label="Step ${number}, ${name}">${number}</a></th>`;
  });
  const defects = behaviours.filter(({ defect }) => defect).length;
  return frame(site, {
    path: PATH,
    title: "Behaviours",
    description: "What a server of each step does, as it is seen on the wire.",
    layout: "wide",
    tools: true,
    nav: navOf(site, PATH),
    body: html`<article>
<header class="title"><h1>Behaviours</h1>
<p class="lead">What a server of each step does, as its clients see it. The tests check each of these ${behaviours.length} against every step in its range, in a process of its own. <a href="r9-chat.html">r9</a> is the chat of 18 on a runtime of our own, and has all of its behaviours. <code>just check 6</code> checks those of step 6 against your own server, in any language. <a href="protocol.html">The protocol</a> says the same in words.</p>
<ul class="legend"><li><span class="mark new">●</span> new in this step</li><li><span class="mark">●</span> as before</li><li><span class="mark defect">✗</span> a defect, which a later step fixes (${defects} of them)</li></ul>
<form class="yours"><label>Your server as a column: <input type="file" accept=".json"></label> <span>the file that <code>just check mine.py --json mine.json</code> writes; you can also drop it on this page</span><output></output></form></header>
<div class="scroll" tabindex="0" role="region" aria-label="The matrix">
<table class="matrix">
<thead><tr><th scope="col">Behaviour</th>${head}</tr></thead>
${groups}
</table>
</div>
</article>`,
  });
}

/** The behaviours that one step adds. */
function group({ number, name, step }: Facts, behaviours: readonly Behaviour[]): Html {
  const title = html`<tr class="group"><th scope="rowgroup"><a href="${step.slug}.html"><span class="number">${number}</span> ${name}</a></th><td colspan="${CHAT_STEPS.length}"></td></tr>`;
  return html`<tbody id="from-${number}">
${title}
${behaviours.map((behaviour) => row(behaviour))}</tbody>
`;
}

function row({ id, title, page, from, to, defect }: Behaviour): Html {
  const cells = CHAT_STEPS.map((step) => {
    const number = dialectOf(step);
    if (number < from || number > to) return html`<td></td>`;
    if (defect)
      return html`<td class="mark defect"><span aria-hidden="true">✗</span><span class="unseen">defect</span></td>`;
    const fresh = step.part === "chat" && number === from;
    return html`<td class="mark${fresh && " new"}"><span aria-hidden="true">●</span><span class="unseen">${fresh ? "new" : "yes"}</span></td>`;
  });
  const explained = page.replace(/^docs\/(.+)\.md$/, "$1.html");
  return html`<tr id="${id}"><th scope="row"><a href="${explained}">${title}</a> <a class="permalink" href="#${id}" aria-label="Link to this behaviour">#</a></th>${cells}</tr>
`;
}
