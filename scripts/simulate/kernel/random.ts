// Reproducible random numbers: the same seed gives the same numbers.

/** 32-bit numbers from a seed: mulberry32, by Tommy Ettinger. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** From 0 (inclusive) to 1 (exclusive). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from 0 (inclusive) to `count` (exclusive). */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** True with the given probability. */
  luck(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the items. @throws {RangeError} When there are none. */
  of<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new RangeError("Cannot choose: there is nothing");
    return items[this.below(items.length)] as Item;
  }

  /** A different sequence, which depends only on the seed and on this number. */
  static fork(seed: number, number: number): Random {
    const random = new Random(Math.imul(seed ^ 0x9e3779b9, 2 * number + 1) ^ number);
    random.next();
    return random;
  }
}
