// Draws a trace as a space-time diagram: SVG that works on its own, and takes the colours
// of the page that it is embedded in.
//
// Colours: `--client-1` to `--client-6` for the clients' hues, `--server` for the server's,
// `--ink`, `--soft`, `--paper`; the fonts are `--mono` and `--sans`. Each has a fallback.
// Classes, for pages with other wishes:
//
//   svg.diagram                 as wide as its texts need; it may be scaled
//   .diagram-head               the name above a lifeline, and below if it is long
//   .diagram-line               a lifeline, data-client="1", "2", … or "server"; .is-open
//                               is the stretch with a connection
//   .diagram-arrow              data-kind: message, sign (begins, ends), break
//   .diagram-wait               data-kind: unserved, unread, held
//   .diagram-text               verbatim, or .is-name for our own words
//
// The colour of a part is its `color`, set by data-whose: the client that caused it.
import { escapeHtml } from "../html.ts";
import { type Layout, layOut, type Text } from "./layout.ts";
import type { Trace } from "./trace-event.ts";

/** Midway between the colours that are readable on white and on black. */
const FALLBACKS = ["#3a7fd0", "#b8701c", "#9b5cc8", "#c84f7d", "#14889a", "#85830f"];

/** The trace as an SVG element. */
export function drawDiagram(trace: Trace): string {
  const layout = layOut(trace);
  const { width, height } = layout;
  const draw = new Drawing(trace, layout);
  const label = `Space-time diagram: ${trace.clients.join(", ")} and the server`;
  return [
    `<svg class="diagram" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}" style="color:var(--ink,currentColor)">`,
    `<g fill="none" stroke="currentColor">${draw.lifelines()}${draw.waits()}${draw.arrows()}</g>`,
    `<g fill="currentColor" style="font:12px var(--mono,monospace);stroke:var(--paper,transparent);stroke-width:3px;stroke-linejoin:round;paint-order:stroke">${draw.texts()}</g>`,
    `<g fill="currentColor" text-anchor="middle" style="font:600 13px var(--sans,sans-serif)">${draw.heads()}</g>`,
    "</svg>",
  ].join("\n");
}

class Drawing {
  readonly #trace: Trace;
  readonly #layout: Layout;

  constructor(trace: Trace, layout: Layout) {
    this.#trace = trace;
    this.#layout = layout;
  }

  heads(): string {
    const { order, x, height, bottom } = this.#layout;
    const at = (y: number) =>
      order.map(
        (who) =>
          `<text class="diagram-head" x="${at1(x.get(who))}" y="${y}"${this.#by(who)}>${escapeHtml(who)}</text>`,
      );
    return [...at(14), ...(height > bottom ? at(height - 4) : [])].join("");
  }

  lifelines(): string {
    const { order, x, bottom, ys } = this.#layout;
    const { events } = this.#trace;
    return order
      .map((who) => {
        const place = at1(x.get(who));
        const paths: string[] = [];
        let open: number | undefined = who === "server" ? 22 : undefined;
        const close = (y: number) => {
          if (open !== undefined) paths.push(`M${place} ${at1(open)}V${at1(y)}`);
          open = undefined;
        };
        const ends: string[] = [];
        for (const [index, { at, kind }] of events.entries()) {
          const y = ys[index] ?? 0;
          if (at !== who) continue;
          if (kind === "connects") open = y;
          if (kind === "closed" || kind === "resets" || kind === "exits") {
            close(y);
            if (kind !== "resets") ends.push(`M${at1(x.get(who), -5)} ${at1(y)}h10`);
          }
        }
        close(bottom);
        const faint = `<path class="diagram-line" d="M${place} 22V${at1(bottom)}" stroke-opacity=".3" stroke-dasharray="1 4"/>`;
        const solid = `<path class="diagram-line is-open" d="${paths.join("")}" stroke-width="${who === "server" ? 2.5 : 1.5}"/>`;
        const bars =
          ends.length > 0 ? `<path d="${ends.join("")}" stroke-width="2"/>` : "";
        return `<g${this.#by(who)}>${faint}${paths.length > 0 ? solid : ""}${bars}</g>`;
      })
      .join("\n");
  }

  waits(): string {
    const { waits, ys, bottom: foot, x } = this.#layout;
    const server = x.get("server") ?? 0;
    return waits
      .map(({ kind, offset, start, end, whose }) => {
        const lane = at1(server + offset);
        const top = at1(ys[start]);
        const bottom = at1(end === undefined ? foot : ys[end]);
        const from =
          kind === "held" ? `M${at1(server)} ${top}H${lane}` : `M${lane} ${top}`;
        const to = end === undefined ? "" : `H${at1(server)}`;
        const dashes = kind === "unserved" ? "1 4" : kind === "unread" ? "4 3" : "2 3";
        const path = `<path d="${from}V${bottom}${to}" stroke-width="1.75" stroke-dasharray="${dashes}" stroke-linecap="${kind === "unserved" ? "round" : "butt"}"/>`;
        return `<g class="diagram-wait" data-kind="${kind}"${this.#by(whose)}>${path}</g>`;
      })
      .join("\n");
  }

  arrows(): string {
    return this.#layout.arrows
      .map(({ kind, whose, line }) => {
        const { x1, y1, x2, y2 } = line;
        const dashes = kind === "message" ? "" : ' stroke-dasharray="3 3"';
        const shaft = `<path d="M${at1(x1)} ${at1(y1)}L${at1(x2)} ${at1(y2)}" stroke-width="1.5"${dashes}/>`;
        return `<g class="diagram-arrow" data-kind="${kind}"${this.#by(whose)}>${shaft}${kind === "break" ? cross(line) : head(line)}</g>`;
      })
      .join("\n");
  }

  texts(): string {
    const { arrows, waits } = this.#layout;
    return [...arrows, ...waits]
      .map(({ text, whose }) => this.#text(text, whose))
      .join("\n");
  }

  #text({ x, y, anchor, lines }: Text, whose: string | undefined): string {
    return lines
      .map(({ text, verbatim }, index) => {
        const font = verbatim ? "" : "font:italic 12px var(--sans,sans-serif)";
        const kind = verbatim ? "diagram-text" : "diagram-text is-name";
        return `<text class="${kind}" x="${at1(x)}" y="${at1(y + index * 14)}" text-anchor="${anchor}"${this.#by(whose, font)}>${escapeHtml(text)}</text>`;
      })
      .join("");
  }

  /** The attributes for the hue of the client that caused it. */
  #by(whose: string | undefined, more = ""): string {
    const place = whose === undefined ? -1 : this.#trace.clients.indexOf(whose);
    const hue = (place % FALLBACKS.length) + 1;
    const colour =
      place < 0
        ? "var(--server,var(--soft,currentColor))"
        : `var(--client-${hue},${FALLBACKS[hue - 1]})`;
    const client = place < 0 ? "server" : `${place + 1}`;
    return ` data-whose="${client}" style="color:${colour}${more && `;${more}`}"`;
  }
}

function head({ x1, y1, x2, y2 }: Layout["arrows"][number]["line"]): string {
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
  const corner = (side: number) =>
    `${at1(x2 - 8 * dx - side * 3.4 * dy)} ${at1(y2 - 8 * dy + side * 3.4 * dx)}`;
  return `<path d="M${at1(x2)} ${at1(y2)}L${corner(1)}L${corner(-1)}Z" fill="currentColor" stroke="none"/>`;
}

function cross({ x2, y2 }: Layout["arrows"][number]["line"]): string {
  return `<path d="M${at1(x2, -4)} ${at1(y2, -4)}l8 8m0-8l-8 8" stroke-width="2"/>`;
}

/** A number with at most one decimal. */
function at1(value = 0, more = 0): string {
  return `${Math.round((value + more) * 10) / 10}`;
}
