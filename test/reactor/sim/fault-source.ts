// What a simulated network does to those who use it.
import { Random } from "../../../scripts/simulate/kernel/random.ts";

/** How bad the network is. Without any of these it is perfect, and takes no time. */
export interface Faults {
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
export class FaultSource {
  readonly #random: Random;
  readonly #faults: Faults;

  constructor(seed: number, faults: Faults) {
    this.#random = new Random(seed);
    this.#faults = faults;
  }

  /** Whether a connection is lost now. */
  resets(): boolean {
    return this.#random.luck(this.#faults.reset ?? 0);
  }

  /** Whether a call says "blocked". */
  blocks(): boolean {
    return this.#random.luck(this.#faults.blocked ?? 0);
  }

  /** How many bytes of so many a call takes. */
  part(most: number): number {
    return this.#faults.chunks ? 1 + this.#random.below(most) : most;
  }

  /** How long something is on its way, in milliseconds. */
  delay(): number {
    const { delay = 0 } = this.#faults;
    return delay > 0 ? this.#random.next() * delay : 0;
  }
}
