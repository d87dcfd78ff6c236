// Names for users who have not chosen one: BraveOtter, QuietHeron, …
import { ADJECTIVES, ANIMALS } from "./words.ts";

const COUNT = ADJECTIVES.length * ANIMALS.length;

/** A random name, an adjective and an animal. Two calls may return the same. */
export function randomName(): string {
  return nameAt(Math.floor(Math.random() * COUNT));
}

/**
 * Yields all names in a scrambled order, none twice until all have been used; then
 * starts again.
 *
 * It starts at a random pair and advances in steps of a fixed width. A width that has no
 * divisor in common with the number of pairs visits each pair before it returns to the
 * first; one near the golden ratio keeps names that follow each other far apart. It keeps
 * two numbers in memory, where a shuffled list would keep all the names.
 */
export function* distinctNames(): Generator<string, never> {
  let step = Math.floor(COUNT * 0.618);
  while (greatestCommonDivisor(step, COUNT) !== 1) step += 1;
  let index = Math.floor(Math.random() * COUNT);
  for (;;) {
    yield nameAt(index);
    index = (index + step) % COUNT;
  }
}

/**
 * Takes the first name of a sequence that is free, after at most one pass through all
 * names, or else `Guest150001`, `Guest150002` and so on. It ends because there are more
 * numbers than users.
 *
 * @param names The sequence, as `distinctNames` gives it.
 * @param take Takes a name; returns false if it is taken already.
 */
export function takeName(
  names: Iterator<string, unknown>,
  take: (name: string) => boolean,
): string {
  for (let tries = 0; tries < COUNT; tries += 1) {
    const { value } = names.next();
    if (typeof value === "string" && take(value)) return value;
  }
  for (let number = COUNT + 1; ; number += 1) {
    const name = `Guest${number}`;
    if (take(name)) return name;
  }
}

/** Name number `index`, from 0 to the number of pairs minus one. */
function nameAt(index: number): string {
  const adjective = ADJECTIVES[Math.floor(index / ANIMALS.length)];
  const animal = ANIMALS[index % ANIMALS.length];
  return `${adjective}${animal}`;
}

/** Euclid's algorithm (Elements, book VII, proposition 2). */
function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
