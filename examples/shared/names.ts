// Names for users who have not chosen one: BraveOtter, QuietHeron, …
import { ADJECTIVES, ANIMALS } from "./words.ts";

const COUNT = ADJECTIVES.length * ANIMALS.length;

/** A random name, an adjective and an animal. Two calls may return the same. */
export function randomName(): string {
  return nameAt(Math.floor(Math.random() * COUNT));
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
  let step = Math.floor(COUNT * 0.618);
  while (greatestCommonDivisor(step, COUNT) !== 1) step += 1;
  let index = Math.floor(Math.random() * COUNT);
  for (;;) {
    yield nameAt(index);
    index = (index + step) % COUNT;
  }
}

/**
 * A name that can be taken: the first such in a sequence, looked for once through all there
 * are, or else `Guest150001`, `Guest150002` and so on. It ends as long as there are more
 * numbers than users.
 *
 * @param names The sequence, as `distinctNames` gives it.
 * @param take Takes a name, unless it is taken already: then it returns false.
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
