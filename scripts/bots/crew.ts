// The crew of bots: how many of each kind, and how often each kind talks.

/** A bot stays and talks, moves from room to room, or is one of a crowd. */
export type Kind = "talker" | "traveller" | "crowd";

/** The number of talkers, and of travellers, in a given number of bots. */
const [FEW, OF] = [3, 106];

/**
 * The relative frequency of each kind's turns. The crowd is quick; so are the travellers,
 * because otherwise you would hardly see them move.
 */
export const TALKATIVENESS: Readonly<Record<Kind, number>> = {
  talker: 1,
  traveller: 12,
  crowd: 4,
};

/**
 * The kinds of `count` bots: for every 106, 3 talkers, 3 travellers, and a crowd of 100.
 * From three bots on there is at least one of each kind. Talkers come first.
 *
 * @param count The number of bots: an integer, 1 or more.
 * @param rooms Whether the server has rooms to move to; otherwise travellers are talkers.
 */
export function crewOf(count: number, rooms: boolean): Kind[] {
  const few = Math.max(1, Math.round((count * FEW) / OF));
  return Array.from({ length: count }, (_, index) => {
    if (index >= 2 * few) return "crowd";
    return rooms && index >= few ? "traveller" : "talker";
  });
}
