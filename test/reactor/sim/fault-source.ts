// The faults of a simulated network.
import { Random } from "../../../scripts/simulate/kernel/random.ts";

/** The faults to simulate. Without any, the network is perfect and takes no time. */
export interface Faults {
  /** Reads and writes take a random part of what they could. */
  readonly chunks?: boolean;
  /** The probability that a call spuriously returns "blocked". */
  readonly blocked?: number;
  /** The longest delay in transit, in milliseconds. */
  readonly delay?: number;
  /** The probability that a read or write finds the connection reset. */
  readonly reset?: number;
}

/** Decides from a seed what happens next. */
export class FaultSource {
  readonly #random: Random;
  readonly #faults: Faults;

  constructor(seed: number, faults: Faults) {
    this.#random = new Random(seed);
    this.#faults = faults;
  }

  /** Whether a connection is reset now. */
  resets(): boolean {
    return this.#random.luck(this.#faults.reset ?? 0);
  }

  /** Whether a call spuriously returns "blocked". */
  blocks(): boolean {
    return this.#random.luck(this.#faults.blocked ?? 0);
  }

  /** The number of bytes that a call transfers, at most `most`. */
  part(most: number): number {
    return this.#faults.chunks ? 1 + this.#random.below(most) : most;
  }

  /** A delay in transit, in milliseconds. */
  delay(): number {
    const { delay = 0 } = this.#faults;
    return delay > 0 ? this.#random.next() * delay : 0;
  }
}
