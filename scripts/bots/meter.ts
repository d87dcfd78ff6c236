// How fast a count grows, over the last while.

interface Reading {
  /** In milliseconds. */
  readonly at: number;
  readonly count: number;
}

/** Measures the pace of a count that begins at 0 and only grows. */
export class Meter {
  readonly #window: number;
  /** In their order. All but the first are in the window. */
  readonly #readings: Reading[];

  /**
   * @param window How far back it looks, in milliseconds; when readings are further apart
   * than that, to the one before.
   * @param start When the count was 0, in milliseconds of any clock.
   */
  constructor(window: number, start: number) {
    this.#window = window;
    this.#readings = [{ at: start, count: 0 }];
  }

  /**
   * Takes a reading.
   *
   * @param at On the same clock; not before the last reading.
   * @returns How much came a second; 0 when no time has passed.
   */
  read(at: number, count: number): number {
    const readings = this.#readings;
    readings.push({ at, count });
    while (readings.length > 2 && (readings[1]?.at ?? at) <= at - this.#window) {
      readings.shift();
    }
    const oldest = readings[0] ?? { at, count };
    return at > oldest.at ? ((count - oldest.count) / (at - oldest.at)) * 1_000 : 0;
  }
}
