// The site's material, in colour: source files and diffs.

import type { Step } from "../../../behaviours/steps.ts";
import { renderDiff } from "../diff-html.ts";
import { drawnSteps } from "../drawn.ts";
import { paint, tokensOfFile } from "../highlight.ts";
import { comparePage } from "../links.ts";
import { linksOf } from "../listing.ts";

/**
 * All lines of a file of the repository as HTML. Index 0 is line 1.
 *
 * @param page The page from which names link to their definitions; without it they do not.
 */
export async function highlightLines(file: string, page?: string): Promise<string[]> {
  const link = page === undefined ? undefined : linksOf(file, page);
  const lines = await tokensOfFile(file);
  return lines.map((tokens, at) => paint(tokens, [], link?.(at + 1)));
}

/** The comparison of two steps, as a figure. */
export async function drawDiff(before: Step, after: Step): Promise<string> {
  return renderDiff({
    page: comparePage(before, after),
    id: "diff",
    title: `${before.slug} → ${after.slug}`,
    files: await drawnSteps(before, after),
  });
}
