// Tab completion of the word before the cursor.
import type { Command } from "./protocol.ts";

/** The words to choose from. */
export interface Vocabulary {
  readonly commands: readonly Command[];
  readonly users: readonly string[];
  readonly rooms: readonly string[];
}

export interface Completion {
  /** The index at which the word to replace begins; it ends at the cursor. */
  readonly from: number;
  /** All matches, the likeliest first. */
  readonly words: readonly string[];
}

/**
 * Completes the last word of a text: a command at the beginning, a room after `/join`,
 * otherwise a user or a room. Case-insensitive.
 */
export function complete(before: string, vocabulary: Vocabulary): Completion {
  const { commands, users, rooms } = vocabulary;
  const from = wordBefore(before);
  const word = before.slice(from).toLowerCase();
  const fitting = (words: readonly string[], end = "") =>
    words.filter((one) => one.toLowerCase().startsWith(word)).map((one) => one + end);

  if (from === 0 && word.startsWith("/")) {
    const words = commands.map(({ name, argument }) => (argument ? `${name} ` : name));
    return { from, words: fitting(words) };
  }
  if (/^\/join +$/.test(before.slice(0, from))) return { from, words: fitting(rooms) };
  // Anything could come next, which is too much to choose from.
  if (word === "") return { from, words: [] };
  const end = from === 0 ? ": " : " ";
  return { from, words: [...fitting(users, end), ...fitting(rooms, " ")] };
}

/** The index at which the last word of a text begins. */
export function wordBefore(text: string): number {
  return Math.max(text.lastIndexOf(" "), text.lastIndexOf("\n")) + 1;
}
