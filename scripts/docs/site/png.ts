// Pictures where SVG is not supported: link previews and home-screen icons.
import { crc32, deflateSync } from "node:zlib";
import type { Facts } from "../../facts.ts";

type Colour = readonly [red: number, green: number, blue: number];

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly colour: Colour;
}

const PAPER: Colour = [0x13, 0x17, 0x16];
const INK: Colour = [0xdd, 0xe4, 0xe0];
const PAST: Colour = [0x66, 0x72, 0x6c];
const NEW: Colour = [0x55, 0xc8, 0x92];

/**
 * The preview of a link, 1200 × 630, in base64: the servers as bars, as long as their
 * files, with the new part of each highlighted.
 */
export function previewPng(all: readonly Facts[]): string {
  const [width, height, margin] = [1200, 630, 90];
  const most = Math.max(...all.map(({ lines }) => lines));
  const step = (width - 2 * margin) / all.length;
  const scale = (lines: number) => Math.round((lines / most) * (height - 2 * margin));
  const bars = all.flatMap(({ lines, change }, at) => {
    const x = Math.round(margin + at * step);
    const bar = { x, width: Math.round(step * 0.68) };
    const full = scale(lines);
    const fresh = Math.min(full, scale(change?.added ?? lines));
    const y = height - margin - full;
    return [
      { ...bar, y, height: full, colour: PAST },
      { ...bar, y, height: fresh, colour: NEW },
    ];
  });
  return png(width, height, bars);
}

/** The icon, 180 × 180: three lines of a file that grows; the last one is new. In base64. */
export function iconPng(): string {
  const line = (y: number, width: number, colour: Colour): Rect => ({
    x: 45,
    y,
    width,
    height: 18,
    colour,
  });
  return png(180, 180, [line(47, 45, INK), line(81, 68, INK), line(115, 90, NEW)]);
}

/** Draws rectangles, later ones on top. See the PNG specification, third edition. */
function png(width: number, height: number, rects: readonly Rect[]): string {
  const row = width * 3 + 1;
  const pixels = Buffer.alloc(row * height);
  const all = [{ x: 0, y: 0, width, height, colour: PAPER }, ...rects];
  for (const { x, y, width: wide, height: high, colour } of all) {
    for (let line = y; line < y + high; line += 1) {
      // A row begins with the number of its filter; 0 is none.
      const start = line * row + 1 + x * 3;
      for (let at = 0; at < wide; at += 1) pixels.set(colour, start + at * 3);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // Eight bits per channel; red, green and blue.
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(pixels)),
    chunk("IEND", Buffer.alloc(0)),
  ];
  return Buffer.concat([signature, ...chunks]).toString("base64");
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
