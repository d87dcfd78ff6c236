// Draws the way of an event through the parts of r6, from what `just example event-way` prints:
// docs/figures/r6-way.svg. Time goes down, and each part has a line of its own.

const FIRST = 170;
const LANES: Readonly<Record<string, readonly [x: number, title: string]>> = {
  kernel: [FIRST, "kernel"],
  reactor: [300, "Reactor"],
  queue: [470, "ready queue"],
  handler: [700, "handlers"],
};
const [TOP, ROW, WIDTH] = [66, 36, 832];
const STYLE =
  "text{font:13px system-ui,sans-serif;fill:currentColor}" +
  ".title{font-weight:600;text-anchor:middle}.small{font-size:11px;opacity:.75}" +
  ".lane,.turn{stroke:currentColor;stroke-width:1;opacity:.25;fill:none}" +
  ".turn{stroke-dasharray:3 4;opacity:.5}" +
  ".way{stroke:#2f8f83;stroke-width:1.8;fill:none}.dot{fill:#2f8f83}";

/** The picture, as SVG. @param text What the program has printed: turn, part, what it does. */
export function drawEventWay(text: string): string {
  const rows = text
    .trim()
    .split("\n")
    .map((line) => {
      const [, turn = "", part = "", what = ""] = /^(\d+) +(\S+) +(.+)$/.exec(line) ?? [];
      return { turn, x: LANES[part]?.[0] ?? 0, what };
    });
  const heights = new Map<number, number>();
  let y = TOP;
  const parts: string[] = [];
  for (const [at, { turn }] of rows.entries()) {
    if (turn !== rows[at - 1]?.turn) {
      if (at > 0) y += ROW * 0.6;
      parts.push(
        `<path class="turn" d="M0 ${y - 26}H${WIDTH}"/>`,
        `<text class="small" x="4" y="${y - 10}">turn ${turn}</text>`,
      );
    }
    heights.set(at, y);
    y += ROW;
  }
  for (const [at, { x, what, turn }] of rows.entries()) {
    const here = heights.get(at) ?? 0;
    const before = rows[at - 1];
    if (before?.turn === turn) {
      parts.push(
        `<path class="way" d="M${before.x} ${heights.get(at - 1)}L${x} ${here}"/>`,
      );
    }
    // Where no way runs: beside the first line, above the others.
    const place =
      x === FIRST
        ? `x="${x - 10}" y="${here + 4}" text-anchor="end"`
        : `x="${x + 9}" y="${here - 7}"`;
    parts.push(
      `<circle class="dot" cx="${x}" cy="${here}" r="4.5"/>`,
      `<text ${place}>${what}</text>`,
    );
  }
  const lanes = Object.values(LANES).flatMap(([x, title]) => [
    `<path class="lane" d="M${x} 30V${y - 8}"/>`,
    `<text class="title" x="${x}" y="18">${title}</text>`,
  ]);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" role="img" aria-label="The way of a request through the parts of r6"><style>${STYLE}</style>\n${[...lanes, ...parts].join("\n")}\n</svg>\n`;
}
