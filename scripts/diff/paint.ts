// The colours of a diff.
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

/** The role of a piece of text. */
export type Role = keyof typeof STYLES;

/** Colours a text without line feeds. */
export type Paint = (role: Role, text: string) => string;

/** Returns a painter with colours, or one that changes nothing. */
export function painter(color: boolean): Paint {
  // Colours are already decided on, so Node must not check the terminal.
  const options = { validateStream: false };
  return (role, text) => (color && text ? styleText(STYLES[role], text, options) : text);
}
