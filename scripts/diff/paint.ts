// Colours for what a diff shows.
import { styleText } from "node:util";

const STYLES = {
  title: ["bold"],
  heading: ["bold", "yellow"],
  place: ["cyan"],
  faint: ["dim"],
  same: [],
  removed: ["red"],
  added: ["green"],
  removedWord: ["inverse", "red"],
  addedWord: ["inverse", "green"],
} as const satisfies Record<string, Parameters<typeof styleText>[0]>;

/** What a piece of text is. */
export type Role = keyof typeof STYLES;

/** Colours a text that holds no line feed. */
export type Paint = (role: Role, text: string) => string;

/** The painter with colours, or one that leaves all as it is. */
export function painter(color: boolean): Paint {
  // Whether there are colours is decided: Node need not look at the terminal.
  const options = { validateStream: false };
  return (role, text) => (color && text ? styleText(STYLES[role], text, options) : text);
}
