// The page of a source file: the complete file, each line with an address, and each line of
// a step's server with a link to the section that explains it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ALL_STEPS, ROOT } from "../../../behaviours/steps.ts";
import { linesOf } from "../../diff/line.ts";
import { type Origin, originsOf } from "../../why/origin.ts";
import { passageFor } from "../../why/passage.ts";
import { type Html, html, trusted } from "../html.ts";
import { linkTo, rootOf, sourcePage } from "../links.ts";
import { frame } from "./frame.ts";
import { navOf } from "./nav.ts";
import type { Site } from "./site.ts";

/**
 * The page of a source file.
 *
 * @param file Its path in the repository.
 * @param lines All its lines as HTML. Region marks are counted, but not shown.
 */
export function sourceFile(site: Site, file: string, lines: readonly string[]): string {
  const path = sourcePage(file);
  const text = readFileSync(join(ROOT, file), "utf8");
  const step = ALL_STEPS.find(({ slug }) => file === `examples/${slug}/server.ts`);
  const origins = step && originsOf(step);
  const rows = linesOf(text, "hide").map(({ number }) => {
    const line = lines[number - 1] ?? "";
    const origin = origins?.get(number);
    return html`<span class="line" id="L${number}"><a class="number" href="#L${number}" tabindex="-1">${number}</a>${origin && why(path, origin)}${trusted(line)}\n</span>`;
  });
  const explained = site.pages.find(
    ({ step }) => step && file.includes(`/${step.slug}/`),
  );
  return frame(site, {
    path,
    title: file,
    description: `${file}, ${lines.length} lines.`,
    layout: "wide",
    nav: navOf(site, path),
    body: html`<article>
<header class="title">
<ul class="kicker"><li>${lines.length} lines</li>${explained && html`<li><a href="${linkTo(path, explained.path)}">${explained.title}</a></li>`}${site.repository && html`<li><a href="${site.repository}/blob/main/${file}">in the repository</a></li>`}${origins && html`<li>each line links to the step that brought it</li>`}</ul>
<h1 class="file">${file}</h1>
</header>
<div class="listing source"><pre tabindex="0" aria-label="${file}"><code>${rows}</code></pre></div>
</article>`,
  });
}

/** A link to the section that explains the line, in the step where it first appears. */
function why(path: string, { step, line, text }: Origin): Html | undefined {
  const passage = /[\p{L}\p{N}]/u.test(text) ? passageFor(step, [line]) : undefined;
  if (!passage) return html`<span class="came"></span>`;
  const [number = ""] = step.slug.split("-");
  return html`<a class="came" href="${linkTo(path, passage.href)}" title="Why: ${step.slug}" tabindex="-1">${number}</a>`;
}

/** The page of a folder, with its contents. All its links begin at the root of the site. */
export function folderFile(site: Site, folder: string): string {
  const path = sourcePage(folder);
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true }).map(
    (entry) => {
      const to = `${rootOf(path)}${sourcePage(`${folder}/${entry.name}`)}`;
      return html`<li><a href="${to}">${entry.name}${entry.isDirectory() && "/"}</a></li>\n`;
    },
  );
  return frame(site, {
    path,
    title: folder,
    description: `What is in ${folder}.`,
    layout: "wide",
    nav: navOf(site, path),
    body: html`<article>
<header class="title"><h1 class="file">${folder}/</h1></header>
<ul class="folder">
${entries}</ul>
</article>`,
  });
}
