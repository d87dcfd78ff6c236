// The tables of steps, as Markdown: what each is about, its lines, and those that changed.
import { MACHINE_STEPS, REACTOR_STEPS, STEPS, type Step } from "../behaviours/steps.ts";
import { readFacts } from "./facts.ts";

/** The files that show the tables, from the root. */
export const TABLES = ["README.md", "examples/README.md"];

/** The marks of a table, and the steps that stand between them. */
const TABLES_OF: Readonly<Record<string, readonly Step[]>> = {
  steps: STEPS,
  reactor: REACTOR_STEPS,
  machines: MACHINE_STEPS,
};

/**
 * The text with new tables between their marks.
 *
 * @param root The way from the file's folder to the root, for the links: `` or `../`.
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
