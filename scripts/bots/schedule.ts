// Who talks when: a Poisson process, as with people who know nothing of each other.
import type { Random } from "./random.ts";

export interface ScheduleOptions {
  /** How often each bot talks, compared with the others: all more than 0. */
  readonly weights: readonly number[];
  /** Messages a second of all together, on average: more than 0. */
  readonly rate: number;
  /** When it begins, in milliseconds of the clock that `take` is told. */
  readonly start: number;
  readonly random: Random;
}

/** What was missed for longer than this is not made up for, in milliseconds. */
const MOST_BEHIND = 250;

/**
 * The turns of all bots. Bots that talk each at random times are, together, one such
 * process whose rate is the sum of theirs, with the speaker drawn by weight: so one timer
 * serves a thousand bots.
 *
 * It has no clock of its own: whoever drives it says what time it is.
 */
export class Schedule {
  readonly #rate: number;
  readonly #random: Random;
  /** The sum of the weights up to each bot, its own included: grows. */
  readonly #sums: number[] = [];
  #next: number;

  /** @throws {RangeError} For a rate or a weight that is not more than 0, or no weights. */
  constructor({ weights, rate, start, random }: ScheduleOptions) {
    if (!(rate > 0)) throw new RangeError(`Cannot schedule ${rate} messages a second`);
    let sum = 0;
    for (const weight of weights) {
      if (!(weight > 0))
        throw new RangeError(`Cannot schedule a bot of weight ${weight}`);
      sum += weight;
      this.#sums.push(sum);
    }
    if (sum === 0) throw new RangeError("Cannot schedule: there are no bots");
    this.#rate = rate;
    this.#random = random;
    this.#next = start + this.#gap();
  }

  /** When the next turn is due, in milliseconds. */
  get next(): number {
    return this.#next;
  }

  /**
   * Takes the turns that are due: the bot of each, by its place in `weights`.
   *
   * After the machine has slept, or was too busy, they do not all come at once: those that
   * were due more than a quarter of a second ago are left out.
   *
   * @param now In milliseconds; not less than at the call before.
   */
  take(now: number): number[] {
    const due: number[] = [];
    this.#next = Math.max(this.#next, now - MOST_BEHIND);
    while (this.#next <= now) {
      due.push(this.#draw());
      this.#next += this.#gap();
    }
    return due;
  }

  /** The time between two turns of a Poisson process is exponentially distributed. */
  #gap(): number {
    // 1 - random() is never 0, whose logarithm would be no number of milliseconds.
    return (-Math.log(1 - this.#random()) / this.#rate) * 1_000;
  }

  /** The first bot whose sum is above a random part of the whole: a binary search. */
  #draw(): number {
    const target = this.#random() * (this.#sums.at(-1) ?? 0);
    let low = 0;
    let high = this.#sums.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sums[middle] ?? 0) > target) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
