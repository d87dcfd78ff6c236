// What a bot does when it is its turn: it talks, and a traveller may first change rooms.
import type { Kind } from "./crew.ts";
import { pick, type Random } from "./random.ts";
import { sentence } from "./sentences.ts";

/** The room that the server puts everyone in. */
export const MAIN = "main";
/** Where travellers go. */
export const ROOMS: readonly string[] = [MAIN, "kitchen", "attic", "garden", "harbour"];
/** How often a traveller changes rooms before it talks: from 0, never, to 1, always. */
const WANDERLUST = 0.5;

/** What a bot is and where it stands, as far as its turn depends on it. */
export interface Situation {
  readonly kind: Kind;
  readonly room: string;
  /** How many of its own messages have not come back yet. */
  readonly awaited: number;
}

export interface Turn {
  /** The room to go to first; undefined to stay. */
  readonly join: string | undefined;
  /** What to say then. */
  readonly text: string;
}

/** What a bot does at its turn: every turn is one message. */
export function turnOf({ kind, room, awaited }: Situation, random: Random): Turn {
  // Who leaves a room does not get what was said there last (steps 13 to 16), be it its
  // own: so a traveller goes only when all of its messages have come back.
  const goes = kind === "traveller" && awaited === 0 && random() < WANDERLUST;
  const others = ROOMS.filter((name) => name !== room);
  return { join: goes ? pick(others, random) : undefined, text: sentence(random) };
}
