// A lock for tasks: the second task waits, and does not hold up the thread.

/**
 * Lets one task at a time through. Those that wait are served in the order in which they
 * came. It knows no owner: a task that locks it twice waits for itself.
 */
export class Mutex {
  #locked = false;
  readonly #waiting: (() => void)[] = [];

  /** Waits for the lock and takes it. @returns What gives it back: call it once. */
  async lock(): Promise<() => void> {
    if (this.#locked) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#locked = true;
    return () => this.#unlock();
  }

  /** Holds the lock while `work` runs, and gives it back however that ends. */
  async run<T>(work: () => T | Promise<T>): Promise<T> {
    const unlock = await this.lock();
    try {
      return await work();
    } finally {
      unlock();
    }
  }

  #unlock(): void {
    const next = this.#waiting.shift();
    // It stays locked when it is handed on: nobody can come in between.
    if (next) next();
    else this.#locked = false;
  }
}
