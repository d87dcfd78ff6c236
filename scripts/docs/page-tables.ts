// Tables that are made from data: the steps, the behaviours of a step, a run of the bench.

import { STEPS } from "../../behaviours/steps.ts";
import { BEHAVIOURS } from "../../behaviours/table.ts";
import { help } from "../../behaviours/wire.ts";
import { readFacts } from "../facts.ts";
import { rungs } from "../programs.ts";
import { renderBench } from "./bench-table.ts";
import { DocsError, nearestOf, type Place } from "./error.ts";
import { type Html, html } from "./html.ts";
import { comparePage, linkTo, sourcePage } from "./links.ts";
import type { Setting } from "./listing.ts";
import type { Source } from "./source.ts";

/**
 * A table as HTML.
 *
 * @param argument `steps`, `behaviours 10`, `rungs 18`, `held` and the titles of behaviours, `commands`, or
 * `bench` and what `renderBench` takes.
 * @throws {DocsError} When it is none of these, or the data has no such rows.
 */
export function renderTable(
  source: Source,
  argument: string,
  place: Place,
  { page }: Setting,
): string {
  const [what = "", rest = ""] = argument.trim().split(/\s+(.*)/s);
  switch (what) {
    case "steps":
      return stepsTable(page).toString();
    case "behaviours":
      return behavioursTable(rest, place).toString();
    case "rungs":
      return rungsTable(rest, place).toString();
    case "held":
      return heldTable(rest, page, place).toString();
    case "commands":
      return commandsTable().toString();
    case "bench":
      return renderBench(source, rest, place).toString();
    default: {
      const near = nearestOf(what, [
        "steps",
        "behaviours",
        "rungs",
        "held",
        "commands",
        "bench",
      ]);
      throw new DocsError(place, `Cannot show the table "${argument}": there is ${near}`);
    }
  }
}

function stepsTable(page: string): Html {
  const rows = readFacts(STEPS).map(({ step, idea, lines, change, before }) => {
    const source = linkTo(page, sourcePage(`examples/${step.slug}/server.ts`));
    const changed =
      change &&
      before &&
      html`<a href="${linkTo(page, comparePage(before, step))}">+${change.added} −${change.removed}</a>`;
    return html`<tr><th scope="row"><a href="${linkTo(page, `${step.slug}.html`)}">${step.slug}</a></th><td>${idea}</td><td><a href="${source}">${lines}</a></td><td>${changed}</td></tr>\n`;
  });
  return html`<div class="scroll" tabindex="0" role="group" aria-label="The steps"><table>
<thead><tr><th scope="col">step</th><th scope="col">what it is</th><th scope="col">lines</th><th scope="col">changed</th></tr></thead>
<tbody>
${rows}</tbody></table></div>
`;
}

function behavioursTable(step: string, place: Place): Html {
  const number = Number(step);
  const found = BEHAVIOURS.filter(({ from }) => from === number);
  if (found.length === 0) {
    throw new DocsError(
      place,
      `Cannot show the behaviours of step "${step}": it adds none`,
    );
  }
  const rows = found.map(
    ({ title, to, defect }) =>
      html`<li>${title}${defect && html` <small>(a defect, until ${STEPS[to]?.slug})</small>`}</li>\n`,
  );
  return html`<ul class="behaviours">
${rows}</ul>
`;
}

/** What each rung of a step brings: the behaviours that the rung before it fails. */
function rungsTable(step: string, place: Place): Html {
  const rows = rungs()
    .filter((rung) => rung.step?.number === Number(step) && rung.step.part === "chat")
    .flatMap(({ slug }) => {
      const name = slug.slice(0, 3);
      const titles = BEHAVIOURS.filter(({ rung }) => rung === name).map(
        ({ title }) => title,
      );
      if (titles.length === 0) return [];
      return html`<tr><th scope="row">${name}</th><td>${titles.join("; ")}</td></tr>\n`;
    });
  if (rows.length === 0) {
    throw new DocsError(place, `Cannot show the rungs of step "${step}": none adds any`);
  }
  return html`<div class="scroll" tabindex="0" role="group" aria-label="What each rung brings"><table>
<thead><tr><th scope="col">rung</th><th scope="col">what holds from there on</th></tr></thead>
<tbody>
${rows}</tbody></table></div>
`;
}

/** Behaviours by their titles, which semicolons part, and the steps that they hold in. */
function heldTable(titles: string, page: string, place: Place): Html {
  const rows = titles.split(";").map((one) => {
    const title = one.trim();
    const found = BEHAVIOURS.find((behaviour) => behaviour.title === title);
    if (found === undefined) {
      const near = nearestOf(
        title,
        BEHAVIOURS.map((behaviour) => behaviour.title),
      );
      throw new DocsError(
        place,
        `Cannot find the behaviour "${title}": there is ${near}`,
      );
    }
    const { from, to, id } = found;
    const steps = from === to ? numbered(from) : `${numbered(from)} to ${numbered(to)}`;
    const href = linkTo(page, `behaviours.html#${id}`);
    return html`<li><a href="${href}">${title}</a> <small>${steps}</small></li>\n`;
  });
  return html`<details class="held"><summary>${rows.length} behaviours test this</summary><ul class="behaviours">
${rows}</ul></details>
`;
}

/** The commands as the help lists them, and the first step that does. */
function commandsTable(): Html {
  const steps = STEPS.map(({ number }) => ({ number, lines: help(number).slice(1) }));
  const rows = (steps.at(-1)?.lines ?? []).map((line) => {
    const [command = "", what = ""] = line.trim().split(" - ");
    const first = steps.find(({ lines }) => lines.includes(line))?.number ?? 0;
    return html`<tr><td><code>${command}</code></td><td>${what}</td><td>${numbered(first)}</td></tr>\n`;
  });
  return html`<div class="scroll" tabindex="0" role="group" aria-label="The commands"><table>
<thead><tr><th scope="col">command</th><th scope="col">what the help says</th><th scope="col">since</th></tr></thead>
<tbody>
${rows}</tbody></table></div>
`;
}

function numbered(step: number): string {
  return String(step).padStart(2, "0");
}
