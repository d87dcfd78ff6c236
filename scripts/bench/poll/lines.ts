// A line chart with two logarithmic scales, as an SVG.
import type { Series } from "./waits.ts";

/** A line: its name, and a time for each number of things. */
interface Line {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly ns: number }[];
}

/** The text above the chart, the text below it, and its description for screen readers. */
interface Labels {
  readonly title: string;
  readonly below: string;
  readonly about: string;
}

const WIDTH = 640;
const HEIGHT = 360;
const LEFT = 78;
const RIGHT = 124;
const TOP = 34;
const BOTTOM = 44;
const COLOURS = ["#2f8f83", "#d08a3a", "#6a6fd0", "#b0455a", "#8a8f98"];

/** The cost of a wait, as an SVG. */
export function plotWaits(series: readonly Series[]): string {
  const lines = series.map(({ poller, points }) => {
    return {
      name: poller,
      points: points.map(({ watched, ns }) => ({ x: watched, ns })),
    };
  });
  return plotLines(lines, {
    title: "nanoseconds a wait, one descriptor of them ready",
    below: "descriptors watched",
    about: "What a wait costs by poller and number of descriptors",
  });
}

/** Returns an SVG of lines. Text and grid take the colour of the page. */
export function plotLines(
  lines: readonly Line[],
  { title, below, about }: Labels,
): string {
  const points = lines.flatMap((one) => one.points);
  const scaleX = scale(
    points.map(({ x }) => x),
    LEFT,
    WIDTH - RIGHT,
  );
  const scaleY = scale(
    points.map(({ ns }) => ns),
    HEIGHT - BOTTOM,
    TOP,
  );
  const parts = [
    label(LEFT, 18, title),
    label((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, below, "middle"),
  ];
  for (const value of scaleY.decades) {
    const y = scaleY.at(value).toFixed(1);
    parts.push(`<path class="grid" d="M${LEFT} ${y}H${WIDTH - RIGHT}"/>`);
    parts.push(label(LEFT - 8, Number(y) + 4, value.toLocaleString("en"), "end"));
  }
  for (const value of scaleX.decades) {
    const x = scaleX.at(value);
    parts.push(label(x, HEIGHT - 26, value.toLocaleString("en"), "middle"));
  }
  const lasts = lines.map((one) => scaleY.at(one.points.at(-1)?.ns ?? 1));
  const ends = spread(lasts);
  for (const [index, { name, points }] of lines.entries()) {
    const [last = 0, end = 0] = [lasts[index], ends[index]];
    const colour = COLOURS[index % COLOURS.length];
    const path = points.map(
      ({ x, ns }) => `${scaleX.at(x).toFixed(1)} ${scaleY.at(ns).toFixed(1)}`,
    );
    parts.push(
      `<path fill="none" stroke="${colour}" stroke-width="2" d="M${path.join("L")}"/>`,
    );
    // Joins the name to its line, also where it had to move.
    parts.push(
      `<path stroke="${colour}" d="M${WIDTH - RIGHT} ${last.toFixed(1)}l10 ${(end - last).toFixed(1)}"/>`,
      label(WIDTH - RIGHT + 14, end + 4, name),
    );
  }
  const style =
    "text{font:12px system-ui,sans-serif;fill:currentColor}.grid{stroke:currentColor;opacity:.15}";
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" ` +
    `aria-label="${about}">` +
    `<style>${style}</style>${parts.join("")}</svg>\n`
  );
}

interface Scale {
  /** The powers of ten that it spans. */
  readonly decades: readonly number[];
  at(value: number): number;
}

function scale(values: readonly number[], from: number, to: number): Scale {
  const lowest = Math.floor(Math.log10(Math.min(...values)));
  const highest = Math.max(lowest + 1, Math.ceil(Math.log10(Math.max(...values))));
  const decades = [];
  for (let power = lowest; power <= highest; power += 1) decades.push(10 ** power);
  const at = (value: number) =>
    from + ((Math.log10(value) - lowest) / (highest - lowest)) * (to - from);
  return { decades, at };
}

/** Moves heights to be at least a line of text apart, so that no name covers another. */
function spread(heights: readonly number[]): number[] {
  const order = heights.map((_, index) => index);
  order.sort((a, b) => (heights[a] ?? 0) - (heights[b] ?? 0));
  const found = [...heights];
  for (const [place, index] of order.entries()) {
    const above = found[order[place - 1] ?? -1];
    if (above !== undefined) found[index] = Math.max(found[index] ?? 0, above + 14);
  }
  return found;
}

function label(x: number, y: number, text: string, anchor = "start"): string {
  const at = `x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}"`;
  return `<text ${at}>${text}</text>`;
}
