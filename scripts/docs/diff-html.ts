// Draws a diff, unified or in two columns from the same markup:
//
//   figure.diff
//     figcaption     .what is compared; .counts; .looks: two radio buttons, .as-unified and
//                    .as-split; a check box .as-indented, where indentation changes too
//     .file          the name of a file, when there are several
//     .rows          one for each file
//       details.fold lines that are the same, or a file's heading; its summary says which
//       a.fold       very many that are the same: leads to them in the whole file
//       .l           a line, its end inside, in the order of a unified diff:
//         del.l      counts up the counter `o`, its number in the old file
//         ins.l      counts up `n`, its number in the new one
//         .same      counts up both
//         .twin      the same line again, for the right column; counts nothing
//         .re        with del and ins: the same but for its indentation
//       .pad.old .pad.new    for two columns: where one has --n lines less, 1 if not given
//
// In two columns `.rows` is a grid that flows densely: old lines to the left, new ones and
// twins to the right, folds across. Both columns then have as many rows. `<mark>` stands
// around the words that changed. Signs and numbers are the style sheet's, so that what one
// copies is code, and so that a diff weighs little: it is most of a page.
import { totalOf } from "../diff/model.ts";
import { type DrawnFile, Pen } from "./diff-pen.ts";
import { type Html, html, trusted } from "./html.ts";
import { symbolsOf } from "./symbols.ts";

interface DiffFigure {
  /** The page's place in the site: `asides/select.html`. */
  readonly page: string;
  /** An anchor that no other element of the page has. */
  readonly id: string;
  /** What is compared with what: `07-kinda-chat → 08-chat`. */
  readonly title: Html | string;
  readonly files: readonly DrawnFile[];
}

/** A diff as HTML, see the head of the file. Files that are the same are left out. */
export function renderDiff({ page, id, title, files }: DiffFigure): string {
  const changed = files.filter(({ diff }) => diff.status !== "same");
  const { added, removed } = totalOf(changed.map(({ diff }) => diff));
  const choice = (look: "unified" | "split", label: string, checked: boolean) =>
    html`<label><input type="radio" class="as-${look}" name="${id}-look"${checked && trusted(" checked")}>${label}</label>`;
  const drawn = changed.map((file) => ({
    name: file.diff.name,
    rows: drawFile(file, page),
  }));
  const indented = drawn.some(({ rows }) => / (?:re|shifts)"/.test(rows.toString()));
  const figure = html`<figure class="diff" id="${id}">
<figcaption><span class="what">${title}</span> <span class="counts"><span class="added">+${added}</span> <span class="removed">−${removed}</span></span><span class="choices">${indented && html`<span class="looks any"><label><input type="checkbox" class="as-indented">indentation</label></span>`}<span class="looks" role="radiogroup" aria-label="How to show it">${choice("unified", "unified", true)}${choice("split", "side by side", false)}</span></span><a class="permalink" href="#${id}" aria-label="Link to this diff">#</a></figcaption>
${drawn.map(({ name, rows }) => html`${drawn.length > 1 && html`<p class="file">${name}</p>\n`}${rows}`)}</figure>
`;
  return figure.toString();
}

function drawFile(file: DrawnFile, page: string): Html {
  const pen = new Pen(file, page);
  drawHeading(file, pen);
  let [seenOld, seenNew] = [0, 0];
  for (const { old, new: now, pairs } of file.diff.hunks) {
    // A range without a line names the one before it.
    const [oldStart, newStart] = [old, now].map(({ start, count }) =>
      count === 0 ? start : start - 1,
    );
    fold(file, pen, [seenOld, seenNew], (newStart ?? 0) - seenNew);
    [seenOld, seenNew] = [(oldStart ?? 0) + old.count, (newStart ?? 0) + now.count];
    pen.pairs(pairs);
  }
  const end = (file.after?.lines.length ?? 0) - (file.after?.heading ?? 0);
  fold(file, pen, [seenOld, seenNew], end - seenNew);
  return html`<div class="rows" tabindex="0" role="group" aria-label="${file.diff.name}">${trusted(pen.html)}</div>
`;
}

/** The heading of a file, folded: it is another in each step. */
function drawHeading({ before, after }: DrawnFile, pen: Pen): void {
  const [old, now] = [before?.heading ?? 0, after?.heading ?? 0];
  if (old > 0 || now > 0) pen.heading(old, now);
}

/** What a reader looks for in lines that are folded: no constants. */
const NAMED =
  /^(?:export )?(?:default )?(?:abstract )?(?:async )?(?:function|class|interface|type)\b/;

/**
 * Lines that are the same, folded: how many, and what they are.
 *
 * @param starts Where they begin in the old and in the new code, from 0.
 */
function fold(
  { after }: DrawnFile,
  pen: Pen,
  starts: readonly [number, number],
  count: number,
): void {
  if (count <= 0) return;
  const text = after?.text ?? "";
  const lines = text.split("\n");
  const start = starts[1] + (after?.heading ?? 0);
  const names = [...symbolsOf(text)]
    .filter(([name, [from, to]]) => {
      return !/[.#]/.test(name) && from >= start && to <= start + count;
    })
    .filter(([, [from, to]]) => lines.slice(from, to).some((line) => NAMED.test(line)))
    .map(([name]) => name);
  pen.fold(starts, count, names.length > 0 ? `: ${names.join(", ")}` : "");
}
