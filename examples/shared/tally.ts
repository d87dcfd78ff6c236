// Events that may occur thousands of times: the first is reported, the others are counted.

/**
 * Counts events by kind. In each period the first of a kind gets a log line; the others get
 * one line with their number when the period is over.
 */
export class Tally {
  readonly #period: number;
  readonly #report: (kind: string, times: number) => void;
  readonly #counts = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param period In milliseconds. Its timer does not keep the process alive.
   * @param report Called at the end of a period for each kind that occurred again.
   */
  constructor(period: number, report: (kind: string, times: number) => void) {
    this.#period = period;
    this.#report = report;
  }

  /** Counts an event. @returns Whether it is the first of its kind in this period. */
  isFirst(kind: string): boolean {
    const count = this.#counts.get(kind);
    this.#counts.set(kind, (count ?? -1) + 1);
    this.#timer ??= setTimeout(() => this.flush(), this.#period).unref();
    return count === undefined;
  }

  /** Ends the period now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const counts = [...this.#counts];
    this.#counts.clear();
    for (const [kind, times] of counts) if (times > 0) this.#report(kind, times);
  }
}
