// The figures of `just bench` as bars, made from the file that it wrote.
import { FIGURES, type Summary } from "../bench/summary.ts";
import { chosen, HEADS, parseBench, short, times } from "./bench-table.ts";
import { DocsError, nearestOf, type Place } from "./error.ts";
import { html, trusted } from "./html.ts";
import type { Source } from "./source.ts";

/** As wide as the narrowest phone has room for, in the units of the picture. */
const WIDTH = 340;
/** The least room for names, and how much a letter takes. */
const NAME = 46;
const LETTER = 7;
/** The room for figures, behind the longest bar. */
const FIGURE = 118;
const ROW = 22;
const GREY = "#8a8f98";
const GREEN = "#2f8f83";

/** A load, with one figure of each of some servers. */
interface Group {
  readonly load: string;
  readonly bars: readonly { readonly name: string; readonly value: number }[];
  readonly digits: number;
}

/**
 * Bars, as long as the figures they stand for: the longest of a load fills its row. Beside each
 * is its figure and, from the second on, how many times the first of the load that is.
 *
 * @param argument Loads; servers; a figure, the first if there is none; `above` when another
 * picture of the page has the command: `fan20-s2-w4; 16 17a; deliveries/s; above`.
 * @throws {DocsError} When the file is none of the bench's, or knows no such name.
 */
export function renderBars(source: Source, argument: string, place: Place): string {
  const record = parseBench(source, place);
  const [loads = "", servers = "", figure = "", where = ""] = argument
    .split(";")
    .map((part) => part.trim());
  const summaries = chosen(loads, record.summaries, ({ load }) => load, place);
  const [first] = summaries;
  if (first === undefined) throw new DocsError(place, "Cannot draw bars: no load");
  const name = figure === "" ? (FIGURES[first.kind][0]?.name ?? "") : figure;
  const groups = summaries.map((one) =>
    groupOf(one, record.summaries, servers, name, place),
  );
  const what = HEADS[name] ?? name;
  const from =
    where === "above"
      ? html`from the same run as above`
      : html`<code class="command">${record.command.replace(/ (--out|-o) \S+/, "")}</code> ${record.machine}, medians of ${record.rounds} rounds`;
  const title = html`${groups.map(({ load }) => load).join(", ")}: ${what}`;
  return html`<figure class="figure">
<div class="picture">${trusted(pictureOf(groups, what))}</div>
<figcaption>${title}; ${from}</figcaption>
</figure>
`.toString();
}

function groupOf(
  summary: Summary,
  all: readonly Summary[],
  servers: string,
  figure: string,
  place: Place,
): Group {
  const known = FIGURES[summary.kind];
  const at = known.findIndex((one) => one.name === figure);
  if (at === -1) {
    const near = nearestOf(
      figure,
      known.map((one) => one.name),
    );
    throw new DocsError(place, `Cannot draw the figure "${figure}": there is ${near}`);
  }
  const names = servers.split(/\s+/).filter((one) => one !== "");
  // A relay joins no room: under such a load it has no row. But a wrong name has none at all.
  const has = ({ rows }: Summary, server: string) =>
    rows.some(({ subject }) => subject === server || subject.startsWith(`${server}-`));
  const asked = names
    .filter((server) => has(summary, server) || !all.some((one) => has(one, server)))
    .join(" ");
  const rows = chosen(asked, summary.rows, ({ subject }) => subject, place);
  return {
    load: summary.load,
    digits: known[at]?.digits ?? 0,
    bars: rows.map(({ subject, medians }) => {
      return {
        name: subject.replace(/^(\d\d[a-z]?|[rm]\d)-\S*/, "$1"),
        value: medians[at] ?? Number.NaN,
      };
    }),
  };
}

function pictureOf(groups: readonly Group[], what: string): string {
  const parts: string[] = [];
  const words: string[] = [];
  const longest = Math.max(
    ...groups.flatMap(({ bars }) => bars.map(({ name }) => name.length)),
  );
  const left = Math.max(NAME, longest * LETTER + 6);
  const room = WIDTH - left - FIGURE;
  let y = 0;
  for (const { load, bars, digits } of groups) {
    if (groups.length > 1) {
      y += ROW;
      parts.push(`<text x="0" y="${y - 6}" font-weight="600">${load}</text>`);
    }
    const most = Math.max(...bars.map(({ value }) => value).filter(Number.isFinite));
    const base = bars[0]?.value ?? Number.NaN;
    const labels = bars.map(({ name, value }, index) => {
      const ratio = value / base;
      const factor = index > 0 && Number.isFinite(ratio) ? ` · ${times(ratio)} ×` : "";
      const label = Number.isNaN(value) ? "fails" : `${short(value, digits)}${factor}`;
      const width = Number.isNaN(value) ? 0 : Math.max(1, (value / most) * room);
      const fill = index === 0 ? GREY : GREEN;
      y += ROW;
      parts.push(
        `<text x="0" y="${y - 6}">${name}</text>`,
        `<rect x="${left}" y="${y - ROW + 4}" width="${width.toFixed(1)}" height="${ROW - 7}" rx="2" fill="${fill}"/>`,
        `<text x="${(left + width + 5).toFixed(1)}" y="${y - 6}">${label}</text>`,
      );
      return `${name} ${label}`;
    });
    words.push(`${load}: ${labels.join(", ")}`);
    y += groups.length > 1 ? 8 : 0;
  }
  const label = `${what}. ${words.join(". ")}`;
  return `<svg viewBox="0 0 ${WIDTH} ${y}" role="img" aria-label="${label}" style="max-width:480px"><g fill="currentColor" font-size="13" font-family="system-ui,sans-serif">${parts.join("")}</g></svg>`;
}
