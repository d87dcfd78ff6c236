// Colours for what a diff shows.

/** What a piece of text is. */
export type Role =
  | "title"
  | "heading"
  | "place"
  | "faint"
  | "same"
  | "removed"
  | "added"
  | "removedWord"
  | "addedWord";

/** Colours a text that holds no line feed. */
export type Paint = (role: Role, text: string) => string;

/** The numbers of the SGR sequence that starts a role. */
const CODES: Record<Role, string> = {
  title: "1",
  heading: "1;33",
  place: "36",
  faint: "2",
  same: "",
  removed: "31",
  added: "32",
  removedWord: "7;31",
  addedWord: "7;32",
};

/** The painter with colours, or one that leaves all as it is. */
export function painter(color: boolean): Paint {
  return (role, text) =>
    color && CODES[role] && text ? `\u001b[${CODES[role]}m${text}\u001b[0m` : text;
}
