// The figures of `just bench` as a table, made from the file that it wrote.
import { FIGURES, type Row, type Summary } from "../bench/summary.ts";
import { DocsError, nearestOf, type Place } from "./error.ts";
import { type Html, html } from "./html.ts";
import type { Source } from "./source.ts";

/** What `just bench --out` writes. */
interface BenchRecord {
  readonly command: string;
  readonly machine: string;
  readonly rounds: number;
  readonly summaries: readonly Summary[];
}

interface Column {
  readonly name: string;
  /** As shown in a cell. */
  readonly of: (row: Row, index: number, rows: readonly Row[]) => string;
}

/** What a figure is called above a column, or below bars. */
export const HEADS: Readonly<Record<string, string>> = {
  "deliveries/cpu-s": "deliveries per CPU-second",
  "deliveries/s": "deliveries per second",
  "cycles/cpu-s": "cycles per CPU-second",
  "cycles/s": "cycles per second",
  "requests/cpu-s": "requests per CPU-second",
  "requests/s": "requests per second",
  "bytes/client": "bytes per client",
  "cpu-s": "CPU-seconds",
};

/**
 * The table of some loads.
 *
 * @param argument Loads; servers; figures: `fan20-s2-w4; 16 17a; deliveries/cpu-s, ×, p99 ms`.
 * What is left out stands for all; `×` is the ratio to the first server, `× before` the one to the
 * row above.
 * @throws {DocsError} When the file is none of the bench's, or knows no such name.
 */
export function renderBench(source: Source, argument: string, place: Place): Html {
  const record = parseBench(source, place);
  const [loads = "", servers = "", figures = ""] = argument.split(";");
  const summaries = chosen(loads, record.summaries, ({ load }) => load, place);
  const tables = summaries.map((summary) => {
    const rows = chosen(servers, summary.rows, ({ subject }) => subject, place);
    const columns = columnsOf(summary, figures, place);
    const head = columns.map(
      ({ name }) => html`<th scope="col">${breakable(HEADS[name] ?? name)}</th>`,
    );
    const body = rows.map(
      (row, index) =>
        html`<tr><th scope="row">${row.subject}</th>${columns.map(({ of }) => html`<td>${of(row, index, rows)}</td>`)}</tr>\n`,
    );
    return html`<tbody>
<tr class="load"><th scope="rowgroup">${summary.load}</th>${head}</tr>
${body}</tbody>
`;
  });
  return html`<figure class="bench">
<div class="scroll" tabindex="0" role="group" aria-label="Figures of the bench"><table>
${tables}</table></div>
<figcaption><code class="command">${record.command.replace(/ (--out|-o) \S+/, "")}</code> ${record.machine}, medians of ${record.rounds} rounds</figcaption>
</figure>
`;
}

/** @throws {DocsError} When it is no file that the bench wrote. */
export function parseBench({ path, text }: Source, place: Place): BenchRecord {
  try {
    const record = JSON.parse(text) as Partial<BenchRecord>;
    if (Array.isArray(record.summaries)) return record as BenchRecord;
  } catch {
    // Said below.
  }
  throw new DocsError(place, `Cannot show ${path}: it is no file of just bench`);
}

/** The items whose names begin with one of the words; all of them when there is none. */
export function chosen<Item>(
  words: string,
  items: readonly Item[],
  nameOf: (item: Item) => string,
  place: Place,
): readonly Item[] {
  // A name that holds a blank stands in commas: `17, 17 --jitless`.
  const names = words
    .split(words.includes(",") ? "," : /\s+/)
    .flatMap((word) => word.trim() || []);
  if (names.length === 0) return items;
  return names.map((name) => {
    const found =
      items.find((item) => nameOf(item) === name) ??
      items.find((item) => nameOf(item).startsWith(`${name}-`));
    if (found) return found;
    const near = nearestOf(name, items.map(nameOf));
    throw new DocsError(place, `Cannot show the figures of "${name}": there is ${near}`);
  });
}

function columnsOf({ kind }: Summary, figures: string, place: Place): Column[] {
  const known: Column[] = FIGURES[kind].map(({ name, digits }, at) => ({
    name,
    of: ({ medians }) => short(medians[at] ?? Number.NaN, digits),
  }));
  known.splice(1, 0, {
    name: "×",
    of: ({ ratio }) => (ratio === undefined ? "–" : times(ratio)),
  });
  known.push({
    name: "× before",
    of: ({ medians }, index, rows) => {
      const above = rows[index - 1]?.medians[0];
      return above === undefined ? "" : times((medians[0] ?? Number.NaN) / above);
    },
  });
  const names = figures.split(",").flatMap((name) => name.trim() || []);
  if (names.length === 0) return known.slice(0, -1);
  return names.flatMap((name) => {
    const found = known.find((column) => column.name === name);
    if (found) return found;
    // Loads of another kind in the same table have other figures.
    if (Object.values(FIGURES).some((list) => list.some((one) => one.name === name)))
      return [];
    const near = nearestOf(
      name,
      known.map((column) => column.name),
    );
    throw new DocsError(place, `Cannot show the figure "${name}": there is ${near}`);
  });
}

/** With soft hyphens, for phones: every figure is narrower than the word above it. */
function breakable(head: string): string {
  return head.replace(/deliver(?=ies)|be(?=fore)|sec(?=onds?\b)/g, "$&\u00AD");
}

/** 21.4 M, 330 k; small numbers as they are. */
export function short(value: number, digits: number): string {
  if (Number.isNaN(value)) return "–";
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} M`;
  if (value >= 1e4) return `${Math.round(value / 1e3)} k`;
  return value.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

export function times(ratio: number): string {
  return Number.isNaN(ratio) ? "–" : ratio.toFixed(ratio >= 10 ? 0 : ratio >= 2 ? 1 : 2);
}
