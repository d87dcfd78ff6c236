// What a simulated network does to those who use it.
import { Random } from "./random.ts";

/** How bad the network is. Without any of these it is perfect, and takes no time. */
export interface Weather {
  /** Reads and writes take a random part of what they could. */
  readonly chunks?: boolean;
  /** How probable it is that a call says "blocked" although it need not. */
  readonly blocked?: number;
  /** The longest that something is on its way, in milliseconds. */
  readonly delay?: number;
  /** How probable it is that a read or write finds the connection reset. */
  readonly reset?: number;
}

/** Decides, from a seed, what happens next. */
export class Sky {
  readonly #random: Random;
  readonly #weather: Weather;

  constructor(seed: number, weather: Weather) {
    this.#random = new Random(seed);
    this.#weather = weather;
  }

  /** Whether a connection is lost now. */
  resets(): boolean {
    return this.#random.luck(this.#weather.reset ?? 0);
  }

  /** Whether a call says "blocked". */
  blocks(): boolean {
    return this.#random.luck(this.#weather.blocked ?? 0);
  }

  /** How many bytes of so many a call takes. */
  part(most: number): number {
    return this.#weather.chunks ? this.#random.upTo(most) : most;
  }

  /** How long something is on its way, in milliseconds. */
  delay(): number {
    const { delay = 0 } = this.#weather;
    return delay > 0 ? this.#random.next() * delay : 0;
  }
}
