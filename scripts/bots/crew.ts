// Who the bots are: how many of each kind, and how often each kind talks.

/** What a bot is like. */
export type Kind = "talker" | "traveller" | "stress";

/** How many of each kind of every 106, as in the tutorial that this descends from. */
const PROPORTION = { talker: 3, traveller: 3, stress: 100 };
const WHOLE = PROPORTION.talker + PROPORTION.traveller + PROPORTION.stress;

/**
 * How often one talks, compared with the others: the crowd is quick, and the travellers are,
 * or one would hardly see them travel.
 */
export const TALKATIVENESS: Readonly<Record<Kind, number>> = {
  talker: 1,
  traveller: 12,
  stress: 4,
};

/**
 * The kinds of `count` bots, 3 talkers to 3 travellers to 100 of the stress crowd. From
 * three bots on there is at least one of each kind. Talkers stand first.
 *
 * @param count How many bots: a whole number, 1 or more.
 * @param rooms Whether the server has rooms to travel to: else travellers are talkers.
 */
export function crewOf(count: number, rooms: boolean): Kind[] {
  const share = (kind: Kind) =>
    Math.max(1, Math.round((count * PROPORTION[kind]) / WHOLE));
  const talkers = share("talker");
  const travellers = talkers + share("traveller");
  return Array.from({ length: count }, (_, index) => {
    if (index < talkers) return "talker";
    if (index < travellers) return rooms ? "traveller" : "talker";
    return "stress";
  });
}
