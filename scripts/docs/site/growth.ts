// A small picture of the path: one bar per step, as long as its server, with one
// highlighted.
import type { Facts } from "../../facts.ts";
import { type Html, html } from "../html.ts";

const WIDTH = 4;
const GAP = 2;
const HEIGHT = 40;

/** Goes next to the title: how far the file has grown, and how much of that is new here. */
export function growth(all: readonly Facts[], here: Facts): Html {
  const most = Math.max(...all.map(({ lines }) => lines));
  const scale = (lines: number) => Math.max(1, Math.round((HEIGHT * lines) / most));
  const bars = all.map((facts, index) => {
    const x = index * (WIDTH + GAP);
    const height = scale(facts.lines);
    const bar = (kind: string, y: number, h: number) =>
      html`<path class="${kind}" d="M${x} ${y}h${WIDTH}v${h}h-${WIDTH}z"/>`;
    if (facts !== here) {
      return bar(index < all.indexOf(here) ? "past" : "to-come", HEIGHT - height, height);
    }
    const fresh = facts.change ? Math.min(height, scale(facts.change.added)) : height;
    return html`${bar("here", HEIGHT - height, height)}${bar("new", HEIGHT - height, fresh)}`;
  });
  const width = all.length * (WIDTH + GAP) - GAP;
  return html`<svg class="growth" aria-hidden="true" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}">${bars}</svg>`;
}
