// A drawing made of characters, as a picture: lines without gaps, at every size, and words for
// a reader who does not see them. In the page's source it stands as it is.
//
//   ```text drawing: A client sends, the server answers.
//   ┌────────┐      ┌────────┐
//   │ client ├─────▶│ server │
//   └────────┘      └────────┘
//   ```
import { DocsError, type Place } from "./error.ts";
import { type Html, html } from "./html.ts";

/** A cell of the grid, in px at the smallest size: a letter of 12 px is 7.2 px wide. */
const WIDTH = 7.2;
const HEIGHT = 17;
/** Where letters stand above the lower end of their cell. */
const BASELINE = 4.6;
/** The most columns: at 12 px they fit on a phone 360 px wide. */
const MOST_COLUMNS = 45;

/** To which sides a line goes on: up, right, down, left. */
const LINES: Readonly<Record<string, string>> = {
  "─": "rl",
  "│": "ud",
  "┌": "rd",
  "┐": "dl",
  "└": "ur",
  "┘": "ul",
  "├": "urd",
  "┤": "udl",
  "┬": "rdl",
  "┴": "url",
  "┼": "urdl",
  // An arrow's tip fills its cell; its line comes from behind.
  "▶": "l",
  "◀": "r",
  "▲": "d",
  "▼": "u",
};

const TIPS: Readonly<Record<string, string>> = {
  "▶": "m-2.6-4.2v8.4l6.2-4.2z",
  "◀": "m2.6-4.2v8.4l-6.2-4.2z",
  "▲": "m-4.2 2.6h8.4l-4.2-6.2z",
  "▼": "m-4.2-2.6h8.4l-4.2 6.2z",
};

/**
 * A drawing as a figure.
 *
 * @param words What it shows, in a sentence or two.
 * @throws {DocsError} When nothing is said of it, or it is too wide for a phone.
 */
export function renderDrawing(text: string, words: string, place: Place): string {
  const rows = cellsOf(text);
  const columns = Math.max(...rows.map((row) => row.length));
  if (words === "") {
    throw new DocsError(
      place,
      "Cannot show a drawing: say what it shows, after drawing:",
    );
  }
  if (columns > MOST_COLUMNS) {
    const most = `at most ${MOST_COLUMNS} fit on a phone`;
    throw new DocsError(place, `Cannot show a drawing ${columns} columns wide: ${most}`);
  }
  const size = { width: round(columns * WIDTH), height: rows.length * HEIGHT };
  return html`<figure class="drawing"><svg role="img" aria-label="${words}" viewBox="0 0 ${size.width} ${size.height}" style="--width:${size.width}px">
<path class="lines" d="${strokes(rows)}"/><path class="tips" d="${tips(rows)}"/>
${rows.map((row, y) => letters(row, y))}</svg></figure>
`.toString();
}

/** The characters of each line, without the blanks that all lines begin with. */
function cellsOf(text: string): string[][] {
  const lines = text.replace(/\n+$/, "").split("\n");
  const margins = lines.flatMap((line) => (line.trim() === "" ? [] : line.search(/\S/)));
  const margin = Math.min(...margins);
  return lines.map((line) => [...line.slice(margin).trimEnd()]);
}

/** The lines, those that go on from cell to cell as one. */
function strokes(rows: readonly (readonly string[])[]): string {
  const across = rows.flatMap((row, y) =>
    joined(row, "l", "r").map(
      ([from, to]) => `M${round(from * WIDTH)} ${middle(y)}H${round(to * WIDTH)}`,
    ),
  );
  const columns = Math.max(...rows.map((row) => row.length));
  const down = Array.from({ length: columns }, (_, x) =>
    joined(
      rows.map((row) => row[x] ?? " "),
      "u",
      "d",
    ).map(
      ([from, to]) =>
        `M${round((x + 0.5) * WIDTH)} ${round(from * HEIGHT)}V${round(to * HEIGHT)}`,
    ),
  );
  return [...across, ...down.flat()].join("");
}

/** The stretches of a row of cells in which a line goes on, in cells. */
function joined(cells: readonly string[], back: string, on: string): [number, number][] {
  const stretches: [number, number][] = [];
  const add = (from: number, to: number) => {
    const last = stretches.at(-1);
    if (last?.[1] === from) last[1] = to;
    else stretches.push([from, to]);
  };
  cells.forEach((cell, at) => {
    const sides = LINES[cell] ?? "";
    if (sides.includes(back)) add(at, at + 0.5);
    if (sides.includes(on)) add(at + 0.5, at + 1);
  });
  return stretches;
}

function tips(rows: readonly (readonly string[])[]): string {
  const each = rows.flatMap((row, y) =>
    row.map((cell, x) => {
      const tip = TIPS[cell];
      return tip ? `M${round((x + 0.5) * WIDTH)} ${middle(y)}${tip}` : "";
    }),
  );
  return each.join("");
}

/** The words of a line, each where it stands: fonts differ a little in their widths. */
function letters(row: readonly string[], y: number): Html | undefined {
  const line = row.map((cell) => (cell in LINES ? " " : cell)).join("");
  const words = [...line.matchAll(/\S+/g)].map(
    ({ 0: word, index }) => html`<tspan x="${round(index * WIDTH)}">${word} </tspan>`,
  );
  if (words.length === 0) return undefined;
  return html`<text y="${round((y + 1) * HEIGHT - BASELINE)}">${words}</text>\n`;
}

function middle(y: number): number {
  return round((y + 0.5) * HEIGHT);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
