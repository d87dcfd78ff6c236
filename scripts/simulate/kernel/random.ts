// Random numbers that are the same each time: a seed says which.

/** Numbers of 32 bits from a seed: mulberry32, by Tommy Ettinger. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** From 0 up to, and without, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to, and without, `count`. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** True with that probability. */
  luck(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of these. @throws {RangeError} When there is none. */
  of<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new RangeError("Cannot choose: there is nothing");
    return items[this.below(items.length)] as Item;
  }

  /** Other numbers, which depend on the seed and on this number only. */
  static fork(seed: number, number: number): Random {
    const random = new Random(Math.imul(seed ^ 0x9e3779b9, 2 * number + 1) ^ number);
    random.next();
    return random;
  }
}
