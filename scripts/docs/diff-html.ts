// Draws a diff, unified or in two columns from the same markup:
//
//   figure.diff
//     figcaption     what is compared; .counts; two radio buttons, .as-unified and .as-split
//     .file          the name of a file, when there are several
//     .rows          one for each file
//       .fold        lines that are the same, and what they hold
//       .l           a line, in the order of a unified diff; its end is inside
//                    --r: its row in two columns; data-o, data-n: its numbers, for ::before
//       del.l ins.l  removed and added; <mark> around the words that changed
//       .l.same .l.twin     a line of both, and the same again for the right column
//
// Signs and numbers are set by the style sheet, so that what one copies is code.
import { type FileDiff, type Row, totalOf } from "../diff/model.ts";
import type { Pair } from "../diff/pair.ts";
import { paint, type Span, type Token } from "./highlight.ts";
import { type Html, html, trusted } from "./site/html.ts";
import { symbolsOf } from "./symbols.ts";

/** One file of a diff, and the colours of both its versions. */
export interface DrawnFile {
  readonly diff: FileDiff;
  readonly before: readonly (readonly Token[])[];
  readonly after: readonly (readonly Token[])[];
  /** The new version, to name what is folded; empty when it is gone. */
  readonly text: string;
  /** Where the lines stand in the whole files, when they are only a part of them. */
  readonly numbers?: {
    readonly before: readonly number[];
    readonly after: readonly number[];
  };
}

export interface DiffFigure {
  /** An anchor that no other element of the page has. */
  readonly id: string;
  /** What is compared with what: `07-kinda-chat → 08-chat`. */
  readonly title: Html | string;
  readonly files: readonly DrawnFile[];
}

/** A diff as HTML, see the head of the file. Files that are the same are left out. */
export function renderDiff({ id, title, files }: DiffFigure): string {
  const changed = files.filter(({ diff }) => diff.status !== "same");
  const { added, removed } = totalOf(changed.map(({ diff }) => diff));
  const choice = (look: "unified" | "split", label: string, checked: boolean) =>
    html`<label><input type="radio" class="as-${look}" name="${id}-look"${checked && trusted(" checked")}>${label}</label>`;
  const figure = html`<figure class="diff" id="${id}">
<figcaption><span class="what">${title}</span> <span class="counts"><span class="added">+${added}</span> <span class="removed">−${removed}</span></span><span class="looks" role="radiogroup" aria-label="How to show it">${choice("unified", "unified", true)}${choice("split", "side by side", false)}</span><a class="permalink" href="#${id}" aria-label="Link to this diff">#</a></figcaption>
${changed.map((file) => html`${changed.length > 1 && html`<p class="file">${file.diff.name}</p>\n`}${drawFile(file)}`)}</figure>
`;
  return figure.toString();
}

function drawFile(file: DrawnFile): Html {
  const { hunks } = file.diff;
  const parts: string[] = [];
  let seen = 0;
  let row = 0;
  for (const hunk of hunks) {
    const start = hunk.new.count === 0 ? hunk.new.start + 1 : hunk.new.start;
    if (start - 1 > seen) {
      row += 1;
      parts.push(fold(file, seen, start - 1, row));
    }
    seen = start - 1 + hunk.new.count;
    const places = new Map<Row, { row: number; marks: readonly Span[] }>();
    for (const pair of hunk.pairs) {
      row += 1;
      if (pair.before) places.set(pair.before, { row, marks: marksOf(pair, "removed") });
      if (pair.after) places.set(pair.after, { row, marks: marksOf(pair, "added") });
    }
    for (const line of hunk.rows) {
      const { row = 0, marks = [] } = places.get(line) ?? {};
      parts.push(drawRow(file, line, row, marks));
    }
  }
  const total = file.after.length;
  if (seen < total) parts.push(fold(file, seen, total, row + 1));
  return html`<div class="rows" tabindex="0" role="region" aria-label="${file.diff.name}">${trusted(parts.join(""))}</div>
`;
}

function drawRow(file: DrawnFile, row: Row, at: number, marks: readonly Span[]): string {
  const { kind, oldNumber = 0, newNumber = 0 } = row;
  const o = file.numbers?.before[oldNumber - 1] ?? oldNumber;
  const n = file.numbers?.after[newNumber - 1] ?? newNumber;
  const tokens =
    kind === "removed" ? file.before[oldNumber - 1] : file.after[newNumber - 1];
  const code = `${paint(tokens ?? [], marks)}\n`;
  const style = `style="--r:${at}"`;
  if (kind === "removed") return `<del class="l" ${style} data-o="${o}">${code}</del>`;
  if (kind === "added") return `<ins class="l" ${style} data-n="${n}">${code}</ins>`;
  return (
    `<span class="l same" ${style} data-o="${o}" data-n="${n}">${code}</span>` +
    `<span class="l twin" ${style} data-n="${n}" aria-hidden="true">${code}</span>`
  );
}

/** Lines that are left out, from 0, the end not included: how many, and what they are. */
function fold(file: DrawnFile, start: number, end: number, row: number): string {
  const names = [...symbolsOf(file.text)]
    .filter(([name, [from, to]]) => !/[.#]/.test(name) && from >= start && to <= end)
    .map(([name]) => name)
    .filter((name) => name !== "loop" && name !== name.toUpperCase());
  const count = end - start;
  const what = names.length > 0 ? `: ${names.join(", ")}` : "";
  const text = `${count} ${count === 1 ? "line" : "lines"} unchanged${what}`;
  return html`<span class="fold" style="--r:${row}">${text}\n</span>`.toString();
}

/** The columns of the words that are not in the other line of a pair. */
function marksOf({ words }: Pair, kind: "removed" | "added"): Span[] {
  if (!words) return [];
  let column = 0;
  const marks: Span[] = [];
  for (const word of words) {
    if (word.kind !== "same" && word.kind !== kind) continue;
    const end = column + word.text.length;
    if (word.kind === kind && word.text.trim() !== "") marks.push([column, end]);
    column = end;
  }
  return marks;
}
