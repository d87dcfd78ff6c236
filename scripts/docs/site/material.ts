// What the site is built from: rendered pages, highlighted files, drawn diffs.
import type { Step } from "../../steps.ts";
import { renderDiff } from "../diff-html.ts";
import { drawnSteps } from "../drawn.ts";
import { highlightFile } from "../highlight.ts";
import { renderPages } from "../render.ts";

export { highlightFile as highlightLines, renderPages };

/** What changes from one step to another, for the page that compares the two. */
export async function drawDiff(from: Step, to: Step): Promise<string> {
  return renderDiff({
    id: "diff",
    title: `${from.slug} → ${to.slug}`,
    files: await drawnSteps(from, to),
  });
}
