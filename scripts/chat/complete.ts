// What Tab makes of the beginning of a word.
import type { Command } from "./protocol.ts";

/** The words that can be meant. */
export interface Vocabulary {
  readonly commands: readonly Command[];
  readonly users: readonly string[];
  readonly rooms: readonly string[];
}

export interface Completion {
  /** Where the word begins that is to be replaced, up to the cursor. */
  readonly from: number;
  /** All that fit, the likeliest first. */
  readonly words: readonly string[];
}

/**
 * Completes the last word of a text: a command at the beginning, a room after `/join`,
 * else a user, or a room. Upper and lower case are the same here.
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
  // Whatever may be said next is too much to choose from.
  if (word === "") return { from, words: [] };
  const end = from === 0 ? ": " : " ";
  return { from, words: [...fitting(users, end), ...fitting(rooms, " ")] };
}

/** Where the last word of a text begins. */
export function wordBefore(text: string): number {
  return Math.max(text.lastIndexOf(" "), text.lastIndexOf("\n")) + 1;
}
