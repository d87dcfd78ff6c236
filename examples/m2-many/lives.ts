// Which servers are alive: each sends beats, and is dead after too long without one.

/** The time between two beats of a server, in milliseconds. */
export const BEAT = 500;
/** How long a server may be unheard before it is declared dead, in milliseconds. */
const LEASE = 5_000;
/** How long a server may not hear its own beats before it is deaf, in milliseconds. */
const DEAF = 1_500;

/**
 * When each life was last heard. It has no clock of its own: the caller passes the time, in
 * milliseconds, which never goes back.
 *
 * ```text
 *   heard itself  · · · · ·           · · · · · · · · · · · · · · ·
 *   is deaf                   ───────▶|
 *   accuses       yes         no       no (for a lease)  yes
 * ```
 */
export class Lives {
  readonly #heard = new Map<string, number>();
  /** The lives that were overdue. Declaring them dead may take a while. */
  readonly #accused = new Set<string>();
  /** When the server last heard itself. */
  #own: number;
  /** Until then it accuses no other server. */
  #quietUntil = 0;

  constructor(now: number) {
    this.#own = now;
  }

  /** Records a beat. @param isOwn Whether it is our own, back from the broker. */
  heard(life: string, isOwn: boolean, now: number): void {
    if (isOwn) {
      this.#listen(now);
      this.#own = now;
    } else this.#heard.set(life, now);
  }

  /**
   * The lives to declare dead. A server that was cut off or stopped has heard no others, so
   * it accuses none until it has listened for a full lease. Returns each life once.
   *
   * @param others All lives that have users, except our own. A new one counts as just heard.
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
    const first = dead.filter((life) => !this.#accused.has(life));
    for (const life of first) this.#accused.add(life);
    return first;
  }

  #listen(now: number): void {
    if (now - this.#own > DEAF) this.#quietUntil = now + LEASE;
  }
}
