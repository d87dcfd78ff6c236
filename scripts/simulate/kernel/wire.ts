// One direction of a connection: decides when what is sent arrives.
import type { Random } from "./random.ts";
import type { Job, Schedule } from "./schedule.ts";
import type { Weather } from "./weather.ts";

/** Keeps the order of what is sent. Each wire has its own random numbers. */
export class Wire {
  readonly #schedule: Schedule;
  readonly #weather: Weather;
  readonly #random: Random;
  #at = 0;
  #tie = 0;

  constructor(schedule: Schedule, weather: Weather, random: Random) {
    this.#schedule = schedule;
    this.#weather = weather;
    this.#random = random;
  }

  /** Calls `arrive` after the travel time. */
  send(arrive: () => void): void {
    const { latency, jitter } = this.#weather;
    const travel = latency + (jitter > 0 ? this.#random.next() * jitter : 0);
    this.#add(travel, undefined, arrive);
  }

  /** Calls `run` when the owner gets around to reading what has arrived. */
  wake(owner: Job["owner"], run: () => void): void {
    const { lag } = this.#weather;
    this.#add(lag > 0 ? this.#random.next() * lag : 0, owner, run);
  }

  #add(delay: number, owner: Job["owner"], run: () => void): void {
    const at = this.#schedule.now + delay;
    const tie = this.#random.next();
    if (at > this.#at) {
      this.#at = at;
      this.#tie = tie;
    } else {
      this.#tie = Math.max(this.#tie, tie);
    }
    this.#schedule.add(this.#at, this.#tie, owner, run);
  }
}
