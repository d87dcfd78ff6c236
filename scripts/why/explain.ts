// What just why prints: the line, its step, and the paragraph that explains it.
import { ideaOf } from "../../behaviours/steps.ts";
import { type Origin, originsOf, serverOf } from "./origin.ts";
import { passageFor } from "./passage.ts";
import type { Target } from "./target.ts";

/** The width of the paragraph, in columns. */
const WIDTH = 76;

/** The answer, as lines for a terminal, without the last line feed. */
export function explain({ step, name, came, lines, changed }: Target): string {
  const [first = 1] = lines;
  const text = serverOf(step).split("\n");
  const shown = `${step.slug}, ${name}: examples/${step.slug}/server.ts:${first}`;
  const origin = lines.length === 1 ? originsOf(step).get(first) : undefined;
  const since = changed.map(({ slug }) => slug.slice(0, slug.indexOf("-")));
  return [
    shown,
    `  ${text[first - 1]?.trim()}${lines.length > 1 ? " …" : ""}`,
    "",
    `It came in ${came.step.slug}: ${ideaOf(came.step)}`,
    ...(since.length > 0 ? [`It changed in ${since.join(", ")}.`] : []),
    ...(origin?.before ? insteadOf(origin.before) : []),
    ...passageLines(came),
  ].join("\n");
}

/** The line that this one replaced. */
function insteadOf({ step, text }: Origin): string[] {
  return [`There it replaced a line of ${step.slug}:`, `  ${text}`];
}

function passageLines({ step, lines }: Target["came"]): string[] {
  const passage = passageFor(step, lines);
  if (!passage) return [];
  const { file, line, heading, text, href } = passage;
  return [
    "",
    ...wrap(text).map((part) => `  │ ${part}`),
    "",
    `  ${file}:${line}${heading === "" ? "" : `, "${heading}"`}`,
    `  With just docs: http://127.0.0.1:4200/${href}`,
  ];
}

function wrap(text: string): string[] {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1) ?? "";
    if (last === "") lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= WIDTH)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
