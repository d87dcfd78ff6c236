// Who the bots are: how many of each kind, and how often each kind talks.

/** What a bot is like: it stays and talks, goes from room to room, or is one of a crowd. */
export type Kind = "talker" | "traveller" | "crowd";

/** How many talkers, and how many travellers, are among so many bots. */
const [FEW, OF] = [3, 106];

/**
 * How often one talks, compared with the others: the crowd is quick, and the travellers are,
 * or one would hardly see them travel.
 */
export const TALKATIVENESS: Readonly<Record<Kind, number>> = {
  talker: 1,
  traveller: 12,
  crowd: 4,
};

/**
 * The kinds of `count` bots: of every 106, 3 talkers, 3 travellers, and a crowd of 100. From
 * three bots on there is at least one of each kind. Talkers stand first.
 *
 * @param count How many bots: a whole number, 1 or more.
 * @param rooms Whether the server has rooms to travel to: else travellers are talkers.
 */
export function crewOf(count: number, rooms: boolean): Kind[] {
  const few = Math.max(1, Math.round((count * FEW) / OF));
  return Array.from({ length: count }, (_, index) => {
    if (index >= 2 * few) return "crowd";
    return rooms && index >= few ? "traveller" : "talker";
  });
}
