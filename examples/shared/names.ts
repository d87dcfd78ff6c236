// Names for users who have not chosen one: BraveOtter, QuietHeron, …
import { ADJECTIVES, ANIMALS } from "./words.ts";

/** A random name, an adjective and an animal. Two calls may return the same. */
export function randomName(): string {
  return nameAt(Math.floor(Math.random() * ADJECTIVES.length * ANIMALS.length));
}

/**
 * All names in a scrambled order, none twice until all were given; then over again.
 *
 * It starts at a random pair and goes round in steps of a fixed width. A width that has no
 * divisor in common with the number of pairs visits each before it comes back to the
 * first; one near the golden section keeps names that follow each other far apart. It
 * takes two numbers of memory, where a shuffled list would take all the names.
 */
export function* distinctNames(): Generator<string, never> {
  const count = ADJECTIVES.length * ANIMALS.length;
  let step = Math.floor(count * 0.618);
  while (greatestCommonDivisor(step, count) !== 1) step += 1;
  let index = Math.floor(Math.random() * count);
  for (;;) {
    yield nameAt(index);
    index = (index + step) % count;
  }
}

/** Name number `index`, from 0 to the number of pairs less one. */
function nameAt(index: number): string {
  const adjective = ADJECTIVES[Math.floor(index / ANIMALS.length)];
  const animal = ANIMALS[index % ANIMALS.length];
  return `${adjective}${animal}`;
}

/** Euclid's algorithm (Elements, book VII, proposition 2). */
function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
