// The page that steps through the file from the first step to the last. Each line is in it
// once, with the steps that have it. Which of them are shown is chosen by radio buttons and
// done by CSS, so it works without a script, and with the arrow keys.

import { STEPS } from "../../../behaviours/steps.ts";
import { filesOfStep } from "../../diff/files.ts";
import type { Facts } from "../../facts.ts";
import { type Html, html, trusted } from "../html.ts";
import { comparePage } from "../links.ts";
import { frame } from "./frame.ts";
import { navOf } from "./nav.ts";
import type { Site } from "./site.ts";
import { type Strand, weave } from "./weave.ts";

const PATH = "evolution.html";

/**
 * The file of the page.
 *
 * @param highlight The lines of a source file as HTML.
 */
export async function evolutionFile(
  site: Site,
  highlight: (file: string) => Promise<readonly string[]>,
): Promise<string> {
  const versions = STEPS.map((step) => filesOfStep(step).get("server.ts") ?? "");
  const coloured = await Promise.all(
    STEPS.map(({ slug }) => highlight(`examples/${slug}/server.ts`)),
  );
  const lines = weave(versions).map((strand) =>
    lineOf(strand, coloured[strand.from - 1]?.[strand.line - 1] ?? ""),
  );
  return frame(site, {
    path: PATH,
    title: "Evolution",
    description: "One file, from a TCP echo to a chat server: every line and its step.",
    layout: "wide",
    tools: true,
    nav: navOf(site, PATH),
    head: html`<style>@media screen{${trusted(rules(STEPS.length))}}</style>`,
    body: html`<article class="evolution">
<header class="title"><h1>Evolution</h1>
<p class="lead">One file on its way from 01 to 18. The number beside a line is the step in which it came; the green ones came in the step you look at.</p></header>
${chooser(site.facts)}
<ol class="tellings">${site.facts.map((facts) => telling(facts))}</ol>
<div class="listing source"><pre class="weave" tabindex="0" aria-label="server.ts"><code>${lines}</code></pre></div>
</article>`,
  });
}

function chooser(facts: readonly Facts[]): Html {
  const radios = facts.map(
    ({ number, name, step }) =>
      html`<label title="${name}"><input type="radio" name="step" id="s${number}" value="${step.number}"${step.number === 1 && trusted(" checked")}><span>${number}<span class="unseen"> ${name}</span></span></label>`,
  );
  return html`<fieldset class="steps-chooser"><legend>Step</legend>
<div class="radios">${radios}</div>
<span class="arrows needs-js"><button type="button" aria-label="Previous step">←</button><button type="button" aria-label="Next step">→</button></span>
</fieldset>`;
}

/** The description of the chosen step, above its file. */
function telling({ number, name, idea, lines, change, step, before }: Facts): Html {
  const changed =
    change && before
      ? html` <a href="${comparePage(before, step)}"><span class="added">+${change.added}</span> <span class="removed">−${change.removed}</span></a>`
      : undefined;
  return html`<li class="t${number}"><a href="${step.slug}.html"><span class="number">${number}</span> ${name}</a>: ${idea}. <span class="counts">${lines} lines${changed}</span></li>`;
}

function lineOf({ from, to }: Strand, code: string): Html {
  return html`<span class="line f${from} l${to}"><a class="came" href="#s${pad(from)}" tabindex="-1">${pad(from)}</a><span class="number" aria-hidden="true"></span>${trusted(code)}\n</span>`;
}

/** Step n hides lines added later or removed earlier. Paper shows the last step. */
function rules(count: number): string {
  const steps = Array.from({ length: count }, (_, index) => index + 1);
  return steps
    .map((n) => {
      const when = `.evolution:has(#s${pad(n)}:checked)`;
      const hidden = [
        ...steps.filter((from) => from > n).map((from) => `.f${from}`),
        ...steps.filter((to) => to < n).map((to) => `.l${to}`),
        ...steps.filter((other) => other !== n).map((other) => `.t${pad(other)}`),
      ];
      const lit =
        n === 1 ? "" : `${when} .f${n}{--lit:var(--new-line);background:var(--new-wash)}`;
      return `${when} :is(${hidden.join()}){display:none}${lit}`;
    })
    .join("\n");
}

function pad(step: number): string {
  return String(step).padStart(2, "0");
}
