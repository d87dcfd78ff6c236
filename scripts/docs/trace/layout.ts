// Positions each part of a diagram: time runs down, and no text is covered.
//
// ```text
//    ann        server        bob
//     │            │           │
//     │─ hello     │           │      the text stands above its arrow, in the gap that is
//     │      ──────▶           │      next to the client
//     │            │ hello     │
//     │     hello ─│────       │      two arrows at one height, when they stand in
//     ◀─────       │    ───────▶      different gaps
// ```
//
// A client's action goes below everything before it. Otherwise only causes go above their
// effects, and the events on each lifeline keep their order.
import stringWidth from "string-width";
import { type Box, Boxes, type Segment } from "./boxes.ts";
import { type Columns, columnsOf } from "./columns.ts";
import { type LabelLine, wrap } from "./label.ts";
import { type Arrow, type Marks, marksOf, type Wait } from "./marks.ts";
import type { Trace, TraceEvent } from "./trace-event.ts";

/** Heights, in units of the picture; a text is 12 high. */
const HEAD = 30;
const SLANT = 14;
const BETWEEN = 7;
const BEFORE_ACTION = 12;
const LINE = 14;
const FOOT = 14;
/** A higher picture repeats the names below, because the top may be out of sight. */
const TALL = 480;

export interface Text {
  readonly x: number;
  /** The baseline of the first line. */
  readonly y: number;
  readonly anchor: "start" | "middle" | "end";
  readonly lines: readonly LabelLine[];
}

export interface Layout extends Columns {
  readonly height: number;
  /** The end of the lifelines. */
  readonly bottom: number;
  /** The vertical position of each event. */
  readonly ys: readonly number[];
  readonly arrows: readonly (Arrow & { line: Segment; text: Text })[];
  readonly waits: readonly (Wait & { offset: number; text: Text })[];
}

export function layOut(trace: Trace): Layout {
  const marks = marksOf(trace);
  return new Layouter(trace, marks, columnsOf(trace, marks)).layOut();
}

class Layouter {
  readonly #events: readonly TraceEvent[];
  readonly #marks: Marks;
  readonly #columns: Columns;
  readonly #boxes = new Boxes();
  readonly #ys: number[] = [];
  /** How far down each lifeline is occupied. */
  readonly #last = new Map<string, number>();
  readonly #texts = new Map<Arrow | Wait, Text>();

  constructor({ events }: Trace, marks: Marks, columns: Columns) {
    this.#events = events;
    this.#marks = marks;
    this.#columns = columns;
  }

  layOut(): Layout {
    for (const [index, event] of this.#events.entries()) {
      const y = this.#place(event, index);
      this.#ys.push(y);
      this.#last.set(event.at, y);
      for (const wait of this.#marks.waits) {
        if (wait.start === index) this.#labelWait(wait, y);
      }
    }
    const { arrows, waits } = this.#marks;
    const bottom = Math.max(HEAD, ...this.#ys) + FOOT;
    return {
      ...this.#columns,
      bottom,
      height: bottom > TALL ? bottom + 20 : bottom,
      ys: this.#ys,
      arrows: arrows.map((arrow) => ({
        ...arrow,
        line: this.#lineOf(arrow, this.#ys[arrow.start] ?? 0),
        text: this.#textOf(arrow),
      })),
      waits: waits.map((wait) => ({
        ...wait,
        offset: this.#columns.lanes.get(wait) ?? 0,
        text: this.#textOf(wait),
      })),
    };
  }

  #place(event: TraceEvent, index: number): number {
    const own = (this.#last.get(event.at) ?? HEAD) + BETWEEN;
    const arrow = this.#marks.arrows.find(({ start }) => start === index);
    if (arrow === undefined) {
      const ends = this.#marks.arrows.find(({ end }) => end === index);
      return Math.max(own, ends ? (this.#ys[ends.start] ?? 0) + SLANT : 0);
    }
    const floor = this.#floorOf(event);
    for (let y = Math.max(own, floor); ; y += 1) {
      const line = this.#lineOf(arrow, y);
      const { text, box } = this.#label(arrow, line);
      if (box.top < HEAD || this.#boxes.hits({ text: box, line })) continue;
      this.#boxes.add({ text: box, line });
      this.#texts.set(arrow, text);
      return y;
    }
  }

  /** The minimum position of an event, given what is on other lifelines. */
  #floorOf(event: TraceEvent): number {
    if (event.at === "server") return 0;
    return Math.max(HEAD, ...this.#ys) + BEFORE_ACTION;
  }

  #lineOf({ start, end }: Arrow, y1: number): Segment {
    const { x, lanes } = this.#columns;
    const event = this.#events[start];
    const client = event && "peer" in event ? event.peer : (event?.at ?? "");
    const server = x.get("server") ?? 0;
    const outward = event?.at === "server";
    // A message that waits at the server has not reached its program yet.
    const wait = this.#marks.waits.find(
      (one) => one.start === end && one.kind !== "held" && !outward,
    );
    const at = server + (wait === undefined ? 0 : (lanes.get(wait) ?? 0));
    const ends = outward ? [server, x.get(client) ?? 0] : [x.get(client) ?? 0, at];
    const [x1 = 0, x2 = 0] = ends;
    const y2 = end === undefined ? undefined : this.#ys[end];
    return { x1, y1, x2, y2: y2 ?? y1 + SLANT };
  }

  /** The label of an arrow, above the line, in the gap next to the client. */
  #label(arrow: Arrow, line: Segment): { text: Text; box: Box } {
    const [left, right] = this.#gapOf(arrow);
    const lines = wrap(arrow.label, Math.max(1, Math.floor((right - left) / 7.25)));
    const width = Math.max(...lines.map(widthOf));
    const x = (left + right) / 2;
    const slope = (line.y2 - line.y1) / (line.x2 - line.x1);
    const lineAt = (place: number) => line.y1 + (place - line.x1) * slope;
    const bottom = Math.min(lineAt(x - width / 2), lineAt(x + width / 2)) - 3;
    const top = bottom - lines.length * LINE;
    const text: Text = { x, y: top + LINE - 3, anchor: "middle", lines };
    return { text, box: { left: x - width / 2, right: x + width / 2, top, bottom } };
  }

  #gapOf({ start }: Arrow): [number, number] {
    const { order, x, reserved } = this.#columns;
    const event = this.#events[start];
    const client = event && "peer" in event ? event.peer : (event?.at ?? "");
    const place = order.indexOf(client);
    const leftOfServer = place < order.indexOf("server");
    const neighbour = order[leftOfServer ? place + 1 : place - 1] ?? "server";
    const near = x.get(client) ?? 0;
    const room = leftOfServer ? reserved.left : reserved.right;
    const lanes = neighbour === "server" ? room : 0;
    const far = (x.get(neighbour) ?? 0) + (leftOfServer ? -lanes : lanes);
    return leftOfServer ? [near + 5, far - 5] : [far + 5, near - 5];
  }

  #labelWait(wait: Wait, y: number): void {
    const { x, reserved } = this.#columns;
    const leftward = (this.#columns.lanes.get(wait) ?? 0) < 0;
    const edge = leftward ? -reserved.left - 4 : reserved.right + 4;
    const at = (x.get("server") ?? 0) + edge;
    const lines = wrap([{ text: wait.label, verbatim: false }], 18, 2);
    const width = Math.max(...lines.map(widthOf));
    for (let top = y + 3; ; top += 1) {
      const bottom = top + lines.length * LINE;
      const [left, right] = leftward ? [at - width, at] : [at, at + width];
      const box = { left, right, top, bottom };
      if (this.#boxes.hits({ text: box })) continue;
      this.#boxes.add({ text: box });
      const anchor = leftward ? "end" : "start";
      this.#texts.set(wait, { x: at, y: top + LINE - 3, anchor, lines });
      return;
    }
  }

  #textOf(one: Arrow | Wait): Text {
    const text = this.#texts.get(one);
    if (text === undefined) throw new Error("a part of the diagram has no place");
    return text;
  }
}

/** An upper bound for the width, whatever the font; verbatim text is monospaced. */
function widthOf({ text, verbatim }: LabelLine): number {
  return stringWidth(text) * (verbatim ? 7.25 : 6);
}
