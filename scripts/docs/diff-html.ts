// Draws a diff, unified or in two columns from the same markup:
//
//   figure.diff
//     figcaption     .what is compared; .counts; two radio buttons, .as-unified and .as-split
//     .file          the name of a file, when there are several
//     .rows          one for each file
//       .fold        lines that are the same, and what they hold
//       .l           a line, its end inside, in the order of a unified diff:
//         del.l      counts up the counter `o`, its number in the old file
//         ins.l      counts up `n`, its number in the new one
//         .same      counts up both
//         .twin      the same line again, for the right column; counts nothing
//       .pad.old .pad.new    for two columns: where one has --n lines less, 1 if not told
//
// In two columns `.rows` is a grid that flows densely: old lines to the left, new ones and
// twins to the right, folds across. Both columns then have as many rows. `<mark>` stands
// around the words that changed. Signs and numbers are the style sheet's, so that what one
// copies is code, and so that a diff weighs little: it is most of a page.
import type { Row } from "../diff/line.ts";
import type { Pair } from "../diff/line-pairs.ts";
import { type FileDiff, totalOf } from "../diff/model.ts";
import { paint, type Span, type Token } from "./highlight.ts";
import { type Html, html, trusted } from "./html.ts";
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

interface DiffFigure {
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
  const parts: string[] = [];
  const draw = lineDrawer(file, parts);
  let seen = 0;
  for (const { new: range, pairs } of file.diff.hunks) {
    const start = range.count === 0 ? range.start : range.start - 1;
    if (start > seen) parts.push(fold(file, seen, start));
    seen = start + range.count;
    let changed: Pair[] = [];
    const close = () => {
      drawSide(changed, "before", draw, parts);
      drawSide(changed, "after", draw, parts);
      changed = [];
    };
    for (const pair of pairs) {
      if (pair.before !== pair.after) changed.push(pair);
      else {
        close();
        if (pair.after) draw(pair.after, []);
      }
    }
    close();
  }
  if (seen < file.after.length) parts.push(fold(file, seen, file.after.length));
  return html`<div class="rows" tabindex="0" role="group" aria-label="${file.diff.name}">${trusted(parts.join(""))}</div>
`;
}

type DrawLine = (row: Row, marks: readonly Span[]) => void;

/** What was removed in one place, or added, and pads where only the other side has lines. */
function drawSide(
  pairs: readonly Pair[],
  side: "before" | "after",
  draw: DrawLine,
  parts: string[],
): void {
  let missing = 0;
  const pad = () => {
    const name = side === "before" ? "old" : "new";
    const style = missing === 1 ? "" : ` style="--n:${missing}"`;
    if (missing > 0) parts.push(`<i class="pad ${name}"${style}></i>`);
    missing = 0;
  };
  for (const pair of pairs) {
    const row = pair[side];
    if (row) {
      pad();
      draw(row, marksOf(pair, side === "before" ? "removed" : "added"));
    } else missing += 1;
  }
  pad();
}

/** Draws lines one after the other. Where numbers jump, the counters are set anew. */
function lineDrawer(file: DrawnFile, parts: string[]): DrawLine {
  let [o, n] = [0, 0];
  return (row, marks) => {
    const { kind, oldNumber = 0, newNumber = 0 } = row;
    const next = {
      o: o + (kind === "added" ? 0 : 1),
      n: n + (kind === "removed" ? 0 : 1),
    };
    o = kind === "added" ? o : (file.numbers?.before[oldNumber - 1] ?? oldNumber);
    n = kind === "removed" ? n : (file.numbers?.after[newNumber - 1] ?? newNumber);
    const jump = next.o === o && next.n === n ? "" : ` style="counter-set:o ${o} n ${n}"`;
    const tokens =
      kind === "removed" ? file.before[oldNumber - 1] : file.after[newNumber - 1];
    const code = `${paint(tokens ?? [], marks)}\n`;
    if (kind === "removed") parts.push(`<del class="l"${jump}>${code}</del>`);
    else if (kind === "added") parts.push(`<ins class="l"${jump}>${code}</ins>`);
    else {
      parts.push(
        `<span class="l same"${jump}>${code}</span>`,
        `<span class="l twin" aria-hidden="true">${code}</span>`,
      );
    }
  };
}

/** What a reader looks for in lines that are folded: no constants. */
const NAMED =
  /^(?:export )?(?:default )?(?:abstract )?(?:async )?(?:function|class|interface|type)\b/;

/** Lines that are left out, from 0, the end not included: how many, and what they are. */
function fold(file: DrawnFile, start: number, end: number): string {
  const lines = file.text.split("\n");
  const names = [...symbolsOf(file.text)]
    .filter(([name, [from, to]]) => !/[.#]/.test(name) && from >= start && to <= end)
    .filter(([, [from, to]]) => lines.slice(from, to).some((line) => NAMED.test(line)))
    .map(([name]) => name);
  const count = end - start;
  const what = names.length > 0 ? `: ${names.join(", ")}` : "";
  const text = `${count} ${count === 1 ? "line" : "lines"} unchanged${what}`;
  return html`<span class="fold">${text}\n</span>`.toString();
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
