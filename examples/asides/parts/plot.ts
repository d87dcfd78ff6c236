// Draws lines through points, both axes logarithmic, as an SVG that takes the page's colour.

export interface Line {
  readonly name: string;
  /** From left to right. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [680, 340, 80, 70, 34, 46];

/** The drawing; the axes begin and end at powers of ten. */
export function plot(lines: readonly Line[], xName: string, yName: string): string {
  const all = lines.flatMap(({ points }) => points);
  const xs = decadesOf(all.map(([x]) => x));
  const ys = decadesOf(all.map(([, y]) => y));
  const x = scale(xs, LEFT, WIDTH - RIGHT);
  const y = scale(ys, HEIGHT - BOTTOM, TOP);
  const number = (value: number) => value.toLocaleString("en");
  const parts = [
    ...xs.flatMap((at) => [
      `<path class="grid" d="M${x(at)} ${TOP}V${HEIGHT - BOTTOM}"/>`,
      `<text text-anchor="middle" x="${x(at)}" y="${HEIGHT - 28}">${number(at)}</text>`,
    ]),
    ...ys.flatMap((at) => [
      `<path class="grid" d="M${LEFT} ${y(at)}H${WIDTH - RIGHT}"/>`,
      `<text text-anchor="end" x="${LEFT - 8}" y="${y(at) + 4}">${number(at)}</text>`,
    ]),
    `<text text-anchor="middle" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}">${xName}</text>`,
    `<text x="8" y="16">${yName}</text>`,
    ...lines.flatMap(({ name, points }, index) => [
      `<polyline class="l${index}" points="${points.map(([a, b]) => `${x(a)},${y(b)}`).join(" ")}"/>`,
      ...points.map(
        ([a, b]) => `<circle class="d${index}" cx="${x(a)}" cy="${y(b)}" r="3.5"/>`,
      ),
      `<text class="name" x="${WIDTH - RIGHT + 8}" y="${y(points.at(-1)?.[1] ?? 1) + 4}">${name}</text>`,
    ]),
  ];
  const style =
    "text{font:12px system-ui,sans-serif;fill:currentColor}.name{font-weight:600}" +
    ".grid{stroke:currentColor;opacity:.18}polyline{fill:none;stroke-width:2}" +
    ".l0{stroke:#d08a3a}.d0{fill:#d08a3a}.l1{stroke:#2f8f83}.d1{fill:#2f8f83}";
  const label = `${yName} by ${xName}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}"><style>${style}</style>${parts.join("")}</svg>`;
}

/** The powers of ten from below the least to above the greatest. */
function decadesOf(values: readonly number[]): number[] {
  const from = Math.floor(Math.log10(Math.min(...values)));
  const to = Math.ceil(Math.log10(Math.max(...values)));
  return Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index));
}

function scale(decades: readonly number[], from: number, to: number) {
  const [low = 1] = decades;
  const span = Math.log10((decades.at(-1) ?? 10) / low);
  return (value: number) =>
    Math.round((from + ((to - from) * Math.log10(value / low)) / span) * 10) / 10;
}
