// The summaries as a bar chart: a bar for each server and load, each load on its own scale.
import { FIGURES, type Summary } from "./summary.ts";

const BAR = 14;
const LEFT = 190;
const WIDTH = 760;
const RIGHT = 110;
/** The kinds of loads whose first figure is a count per CPU-second. */
const COUNTED: ReadonlySet<Summary["kind"]> = new Set([
  "talk",
  "churn",
  "get",
  "file",
  "visit",
]);

/**
 * An SVG of the loads that count deliveries, cycles or requests per CPU-second. Text and lines
 * take the colour of the page, light or dark.
 */
export function plot(summaries: readonly Summary[]): string {
  const shown = summaries.filter(({ kind }) => COUNTED.has(kind));
  const parts: string[] = [];
  let y = 20;
  for (const { load, kind, rows } of shown) {
    const unit = FIGURES[kind][0]?.name ?? "";
    parts.push(text(10, y + 11, load, "load"), text(LEFT, y + 11, unit, "unit"));
    y += 18;
    const largest = Math.max(1, ...rows.map(({ medians }) => medians[0] || 0));
    for (const [index, { subject, medians, ratio, errors }] of rows.entries()) {
      const value = medians[0] ?? Number.NaN;
      parts.push(text(24, y + 11, subject, "name"));
      if (Number.isNaN(value)) {
        const drops = errors.includes("it disconnects clients");
        const state = drops ? "disconnects its clients" : "not measured";
        parts.push(text(LEFT, y + 11, state, "unit"));
      } else {
        const width = Math.max(2, (value / largest) * (WIDTH - LEFT - RIGHT)).toFixed(1);
        const label = `${short(value)}${index > 0 && ratio ? ` (${ratio.toFixed(1)}×)` : ""}`;
        parts.push(
          `<rect class="s${index % 4}" x="${LEFT}" y="${y}" width="${width}" height="${BAR - 2}" rx="2"/>`,
          text(LEFT + Number(width) + 6, y + 11, label, "value"),
        );
      }
      y += BAR + 2;
    }
    y += 12;
  }
  const style =
    "text{font:12px system-ui,sans-serif;fill:currentColor}.load{font-weight:600}" +
    ".unit{opacity:.65}.s0{fill:#8a8f98}.s1{fill:#d08a3a}.s2{fill:#2f8f83}.s3{fill:#6a6fd0}";
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" role="img" ` +
    `aria-label="What each server does in a processor second, by load">` +
    `<style>${style}</style>${parts.join("")}</svg>\n`
  );
}

function text(x: number, y: number, content: string, name: string): string {
  return `<text class="${name}" x="${x}" y="${y}">${content}</text>`;
}

/** 21.4M, 330k. */
function short(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)}M`;
  return value >= 1e4 ? `${Math.round(value / 1e3)}k` : `${Math.round(value)}`;
}
