// The table of steps, as Markdown: what each is about, its lines, and those that changed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ideaOf, STEPS, type Step } from "../behaviours/steps.ts";
import { filesOfStep } from "./diff/files.ts";
import { diffFiles, totalOf } from "./diff/model.ts";

/** The files that show the table, from the root. */
export const TABLES = ["README.md", "examples/README.md"];

const BEGIN = "<!-- steps: written by `just tables` -->";
const END = "<!-- /steps -->";

/**
 * The text with a new table between its marks.
 *
 * @param root The way from the file's folder to the root, for the links: `` or `./`.
 * @throws {Error} When the marks are not there.
 */
export function withTables(text: string, root: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`There is no ${BEGIN} … ${END}`);
  const head = text.slice(0, begin + BEGIN.length);
  return `${head}\n\n${stepsTable(root)}\n\n${text.slice(end)}`;
}

function stepsTable(root: string): string {
  const rows = STEPS.map((step, index) => {
    const before = STEPS[index - 1];
    const cells = [
      `[${step.slug}](${root}docs/${step.slug}.md)`,
      ideaOf(step).replace(/\.$/, ""),
      `[${lines(step)}](${root}examples/${step.slug}/server.ts)`,
      before ? changes(before, step) : "",
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    "| step | what it is | lines | changed |",
    "| :-- | :-- | --: | --: |",
    ...rows,
  ].join("\n");
}

function lines(step: Step): string {
  const source = readFileSync(join(step.folder, "server.ts"), "utf8");
  return `${source.split("\n").length - 1}`;
}

/** Added and removed lines, as `just diff` counts them. */
function changes(before: Step, step: Step): string {
  const { added, removed } = totalOf(diffFiles(filesOfStep(before), filesOfStep(step)));
  return `+${added} −${removed}`;
}
