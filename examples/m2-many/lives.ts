// Which servers are alive: each beats, and one that is not heard for too long is declared dead.

/** How often a server beats, in milliseconds. */
export const BEAT = 500;
/** One that is not heard for so long is dead, in milliseconds. */
const LEASE = 5_000;
/** One that does not hear itself for so long is deaf, in milliseconds. */
const DEAF = 1_500;

/**
 * When each life was heard last. It has no clock of its own: times are the caller's, in
 * milliseconds, and never go back.
 *
 * ```text
 *   heard itself  · · · · ·           · · · · · · · · · · · · · · ·
 *   is deaf                   ───────▶|
 *   accuses       yes         no       no (for a lease)  yes
 * ```
 */
export class Lives {
  readonly #heard = new Map<string, number>();
  /** When it heard itself last. */
  #own: number;
  /** Until then it accuses nobody. */
  #quietUntil = 0;

  constructor(now: number) {
    this.#own = now;
  }

  /** A beat was heard. @param isOwn Whether it is one of ours, which went to the broker and back. */
  heard(life: string, isOwn: boolean, now: number): void {
    if (isOwn) {
      this.#listen(now);
      this.#own = now;
    } else this.#heard.set(life, now);
  }

  /**
   * The lives to be declared dead. A server that was cut off or stood still has heard nobody:
   * it judges nobody until it has listened for a whole lease.
   *
   * @param others All lives that have users, except our own. One that is not known yet counts
   * as just heard.
   */
  overdue(others: Iterable<string>, now: number): string[] {
    this.#listen(now);
    const lives = new Set(others);
    for (const life of this.#heard.keys()) if (!lives.has(life)) this.#heard.delete(life);
    const dead: string[] = [];
    for (const life of lives) {
      const last = this.#heard.get(life) ?? now;
      this.#heard.set(life, last);
      if (now - last > LEASE) dead.push(life);
    }
    if (now < this.#quietUntil) return [];
    return dead;
  }

  #listen(now: number): void {
    if (now - this.#own > DEAF) this.#quietUntil = now + LEASE;
  }
}
