// The tables of steps, as Markdown: each step's idea, its lines, and how many of them changed.
import { MACHINE_STEPS, REACTOR_STEPS, STEPS, type Step } from "../behaviours/steps.ts";
import { readFacts } from "./facts.ts";

/** The files that show the tables, relative to the root. */
export const TABLES = ["README.md", "examples/README.md"];

/** The name in a table's marks, and the table's steps. */
const TABLES_OF: Readonly<Record<string, readonly Step[]>> = {
  steps: STEPS,
  reactor: REACTOR_STEPS,
  machines: MACHINE_STEPS,
};

/**
 * Returns the text with new tables between their marks.
 *
 * @param root The path from the file's folder to the root, for the links: empty or `../`.
 * @throws {Error} When the marks are not there.
 */
export function withTables(text: string, root: string): string {
  return Object.entries(TABLES_OF).reduce((done, [name, steps]) => {
    const mark = `<!-- ${name}: written by \`just tables\` -->`;
    const begin = done.indexOf(mark);
    const end = done.indexOf(`<!-- /${name} -->`);
    if (begin === -1 || end < begin) throw new Error(`There is no ${mark}`);
    const head = done.slice(0, begin + mark.length);
    return `${head}\n\n${tableOf(steps, root)}\n\n${done.slice(end)}`;
  }, text);
}

function tableOf(steps: readonly Step[], root: string): string {
  const rows = readFacts(steps).map(({ step: { slug }, idea, lines, change }) => {
    const cells = [
      `[${slug}](${root}docs/${slug}.md)`,
      idea,
      `[${lines}](${root}examples/${slug}/server.ts)`,
      change ? `+${change.added} −${change.removed}` : "",
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    "| step | what it is | lines | changed |",
    "| :-- | :-- | --: | --: |",
    ...rows,
  ].join("\n");
}
