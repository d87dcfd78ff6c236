// What the site is made from, as the machinery of the pages brings it: colours and diffs.

import type { Step } from "../../../behaviours/steps.ts";
import { renderDiff } from "../diff-html.ts";
import { drawnSteps } from "../drawn.ts";
import { paint, tokensOfFile } from "../highlight.ts";
import { comparePage } from "../links.ts";
import { linksOf } from "../listing.ts";

/**
 * The lines of a file of the repository as HTML, all of them: the first is line 1.
 *
 * @param page From which its names lead to where they are defined; without it they do not.
 */
export async function highlightLines(file: string, page?: string): Promise<string[]> {
  const link = page === undefined ? undefined : linksOf(file, page);
  const lines = await tokensOfFile(file);
  return lines.map((tokens, at) => paint(tokens, [], link?.(at + 1)));
}

/** Two whole steps compared, as a figure. */
export async function drawDiff(before: Step, after: Step): Promise<string> {
  return renderDiff({
    page: comparePage(before, after),
    id: "diff",
    title: `${before.slug} → ${after.slug}`,
    files: await drawnSteps(before, after),
  });
}
