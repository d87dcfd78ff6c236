// What the site is made from, as the machinery of the pages brings it: colours and diffs.

import type { Step } from "../../../behaviours/steps.ts";
import { renderDiff } from "../diff-html.ts";
import { drawnSteps } from "../drawn.ts";
import { paint, tokensOfFile } from "../highlight.ts";

/** The lines of a file of the repository as HTML, all of them: the first is line 1. */
export async function highlightLines(file: string): Promise<string[]> {
  return (await tokensOfFile(file)).map((tokens) => paint(tokens));
}

/** Two whole steps compared, as a figure. */
export async function drawDiff(before: Step, after: Step): Promise<string> {
  return renderDiff({
    id: "diff",
    title: `${before.slug} → ${after.slug}`,
    files: await drawnSteps(before, after),
  });
}
