// Colours, by Node's styleText; or none.
import { styleText } from "node:util";

/** The colours that are most readable on both black and white. */
const NAMES = ["green", "magenta", "cyan", "yellow", "blueBright", "redBright"] as const;

/** Applies a format to a text. */
export type Style = (format: Parameters<typeof styleText>[0], text: string) => string;

export const coloured: Style = (format, text) =>
  text === "" ? "" : styleText(format, text, { validateStream: false });
export const plain: Style = (_, text) => text;

/** The colour of a user: the same wherever and whenever the name is shown. */
export function colourOf(name: string): (typeof NAMES)[number] {
  const hash = Buffer.from(name).reduce((sum, byte) => (sum * 31 + byte) >>> 0, 7);
  return NAMES[hash % NAMES.length] ?? "green";
}
