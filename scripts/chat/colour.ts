// A colour for every user, the same one wherever and whenever the name stands.

import { inspect } from "node:util";

/** Those that can be read on black and on white alike, as far as there are such. */
const COLOURS = [
  "green",
  "magenta",
  "cyan",
  "yellow",
  "blueBright",
  "redBright",
  "greenBright",
  "magentaBright",
  "cyanBright",
] as const;

export type Colour = (typeof COLOURS)[number];

/** The colour of a name. */
export function colourOf(name: string): Colour {
  // FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return COLOURS[(hash >>> 0) % COLOURS.length] ?? "green";
}

/** A text with the codes that a terminal colours it by. */
export function styled(text: string, ...styles: (Colour | "bold" | "dim")[]): string {
  if (text === "") return "";
  return styles.reduce((inner, style) => {
    const [on, off] = inspect.colors[style] ?? [0, 0];
    return `\x1b[${on}m${inner}\x1b[${off}m`;
  }, text);
}
