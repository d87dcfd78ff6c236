// Draws the states of r5 from its own table: docs/figures/r5-states.svg. The ways that lead to
// "closed" are written into the states, since they would cover all the others.
import { DEADLINES, TRANSITIONS } from "../../examples/r5-state-machine/connection.ts";

type Name = keyof typeof TRANSITIONS;

const [WIDTH, HEIGHT] = [136, 62];
/** Where the middle of each state is. */
const PLACES: Record<Exclude<Name, "closed">, readonly [x: number, y: number]> = {
  idle: [84, 60],
  head: [330, 60],
  body: [600, 60],
  delayed: [752, 215],
  waiting: [600, 370],
  writing: [290, 370],
  lingering: [84, 370],
};
/** Where words are that another way would cross in their usual place. */
const MOVED: Readonly<Record<string, readonly [x: number, y: number]>> = {
  "head delayed": [492, 103],
  "head waiting": [458, 290],
};
const STYLE =
  "text{font:13px system-ui,sans-serif;fill:currentColor;text-anchor:middle}" +
  ".small{font-size:11px;opacity:.85}.name{font-weight:600}" +
  ".state{fill:#2f8f83;fill-opacity:.16;stroke:#2f8f83;stroke-width:1.6}" +
  ".way{stroke:currentColor;fill:none;stroke-width:1.3}.tip{fill:currentColor}";

/** The picture, as SVG. */
export function drawStates(): string {
  const names = Object.keys(PLACES) as (keyof typeof PLACES)[];
  const parts: string[] = [];
  for (const from of names) {
    for (const to of names) {
      const events = eventsBetween(from, to);
      if (events.length > 0) parts.push(way(from, to, events.join(", ")));
    }
  }
  for (const name of names) parts.push(box(name));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 832 440" role="img" aria-label="The states of a connection"><style>${STYLE}</style>\n${parts.join("\n")}\n</svg>\n`;
}

function eventsBetween(from: Name, to: Name): string[] {
  return Object.entries(TRANSITIONS[from])
    .filter(([, targets]) => targets.includes(to))
    .map(([event]) => event);
}

function box(name: keyof typeof PLACES): string {
  const [x, y] = PLACES[name];
  const deadline = DEADLINES[name];
  const line = (text: string, at: number, style: string) =>
    `<text class="${style}" x="${x}" y="${y + at}">${text}</text>`;
  return (
    `<rect class="state" x="${x - WIDTH / 2}" y="${y - HEIGHT / 2}" width="${WIDTH}" height="${HEIGHT}" rx="12"/>` +
    line(name, -12, "name") +
    line(deadline ? `until: ${deadline}` : "no deadline", 5, "small") +
    line(`✕ ${eventsBetween(name, "closed").join(", ")}`, 21, "small")
  );
}

/** An arrow; one that leads back where another comes from runs beside it. */
function way(from: keyof typeof PLACES, to: keyof typeof PLACES, events: string): string {
  const [x1, y1] = PLACES[from];
  const [x2, y2] = PLACES[to];
  if (from === to) {
    const [left, right, top] = [x1 - 20, x1 + 20, y1 + HEIGHT / 2];
    return (
      `<path class="way" d="M${left} ${top}C${left} ${top + 36} ${right} ${top + 36} ${right} ${top + 8}"/>` +
      tip(right, top + 2, 0, -1) +
      label(x1 + 44, top + 24, events)
    );
  }
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
  const isPair = eventsBetween(to, from).length > 0;
  const side = isPair ? 11 : 0;
  // To the left of the way, as one goes.
  const [ox, oy] = [dy * side, -dx * side];
  const edge = Math.min(WIDTH / 2 / Math.abs(dx), HEIGHT / 2 / Math.abs(dy)) + 3;
  const start = [x1 + ox + dx * edge, y1 + oy + dy * edge].map(Math.round);
  const end = [x2 + ox - dx * edge, y2 + oy - dy * edge].map(Math.round);
  const [sx = 0, sy = 0, ex = 0, ey = 0] = [...start, ...end];
  // Not in the middle: there the ways cross.
  const at = dx === 0 ? 0.5 : 0.36;
  const [lx, ly] = [sx + (ex - sx) * at, sy + (ey - sy) * at];
  const isFlat = Math.abs(dy) < 0.2;
  // Some three units a letter to each side, and more beside a way that leans over them.
  const beside = 3 * events.length + 8 + 6 * Math.abs(dx / dy);
  const offset = isFlat
    ? [0, dx > 0 ? -7 : 15]
    : [dy > 0 && dx !== 0 ? beside : -beside, 0];
  const [x, y] = MOVED[`${from} ${to}`] ?? [lx + (offset[0] ?? 0), ly + (offset[1] ?? 0)];
  return (
    `<path class="way" d="M${sx} ${sy}L${Math.round(ex - dx * 8)} ${Math.round(ey - dy * 8)}"/>` +
    tip(ex, ey, dx, dy) +
    label(Math.round(x), Math.round(y), events)
  );
}

function tip(x: number, y: number, dx: number, dy: number): string {
  const point = (along: number, across: number) =>
    `${Math.round(x - dx * along + dy * across)} ${Math.round(y - dy * along - dx * across)}`;
  return `<path class="tip" d="M${point(0, 0)}L${point(10, 5)}L${point(10, -5)}z"/>`;
}

function label(x: number, y: number, text: string): string {
  return `<text class="small" x="${x}" y="${y}">${text}</text>`;
}
