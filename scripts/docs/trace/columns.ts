// The positions of a diagram's lifelines, and of the lanes next to the server's.

import type { Marks, Wait } from "./marks.ts";
import type { Trace } from "./trace-event.ts";

/** From the server's lifeline to the first lane next to it, and from lane to lane. */
const FIRST_LANE = 9;
const LANE = 7;
/** More lanes than this are drawn over one another: nobody could tell them apart. */
const LANES = 5;
/** The minimum space for a text between two lifelines. */
const ROOM = 86;
/** The minimum width: that of a page on a 360 px phone. */
const WIDTH = 328;
/** The minimum from the outermost lifelines to the edges: half a short name. */
const EDGE = 18;

export interface Columns {
  readonly width: number;
  /** All participants, from left to right. */
  readonly order: readonly string[];
  readonly x: ReadonlyMap<string, number>;
  /** The distance of each wait from the server's lifeline; negative on the left. */
  readonly lanes: ReadonlyMap<Wait, number>;
  /** The space that the lanes take to the left and right of the server. */
  readonly reserved: { readonly left: number; readonly right: number };
}

/**
 * Keeps the clients in their order, and puts the server where the arrows cross the fewest
 * lifelines.
 */
export function columnsOf({ clients, events }: Trace, marks: Marks): Columns {
  const places = Array.from({ length: clients.length + 1 }, (_, place) => {
    const order = [...clients.slice(0, place), "server", ...clients.slice(place)];
    let crossed = 0;
    for (const { start } of marks.arrows) {
      const event = events[start];
      if (event === undefined) continue;
      const client = "peer" in event ? event.peer : event.at;
      crossed += Math.abs(order.indexOf(client) - place) - 1;
    }
    return { order, crossed, aside: Math.abs(2 * place - clients.length) };
  });
  places.sort((a, b) => a.crossed - b.crossed || a.aside - b.aside);
  const order = places[0]?.order ?? ["server"];
  const gaps = order.length - 1;
  const lanes = lanesOf(marks.waits, (wait) => {
    return order.indexOf(wait.side) < order.indexOf("server") ? -1 : 1;
  });
  const offsets = [...lanes.values()];
  const left = -Math.min(0, ...offsets);
  const right = Math.max(0, ...offsets);
  const outermost = Math.max(...[order[0], order.at(-1)].map((who) => who?.length ?? 0));
  // A single client does not need that much space.
  const edge = gaps === 1 ? 64 : Math.max(EDGE, outermost * 4.2 + 2);
  const lane = Math.max(left, right);
  const width = Math.max(WIDTH, gaps * (ROOM + 10 + lane) + 2 * edge);
  const x = new Map(
    order.map((who, index) => [who, edge + (index * (width - 2 * edge)) / gaps]),
  );
  return { width, order, x, lanes, reserved: { left, right } };
}

/** Waits at the same time and on the same side go side by side. */
function lanesOf(
  waits: readonly Wait[],
  sideOf: (wait: Wait) => number,
): Map<Wait, number> {
  const lanes = new Map<Wait, number>();
  for (const wait of waits) {
    const side = sideOf(wait);
    const taken = [...lanes]
      .filter(([other]) => (other.end ?? Number.POSITIVE_INFINITY) > wait.start)
      .map(([, offset]) => offset);
    let offset = FIRST_LANE;
    const last = FIRST_LANE + (LANES - 1) * LANE;
    while (taken.includes(side * offset) && offset < last) offset += LANE;
    lanes.set(wait, side * offset);
  }
  return lanes;
}
