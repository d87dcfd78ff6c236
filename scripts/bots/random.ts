// Randomness that can be had again: whoever needs it is given a function.

/** Returns a number from 0 up to, not including, 1: `Math.random`, or one from a seed. */
export type Random = () => number;

/**
 * Random numbers that are the same for the same seed: mulberry32 by Tommy Ettinger
 * (public domain). Good enough for talk; not for secrets.
 *
 * @param seed Any number; its lowest 32 bits count.
 */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * One of `choices`, each as likely as the others.
 *
 * @throws {RangeError} When there is nothing to choose from.
 */
export function pick<T>(choices: readonly T[], random: Random): T {
  const choice = choices[Math.floor(random() * choices.length)];
  if (choice === undefined) throw new RangeError("Cannot pick: there is no choice");
  return choice;
}
