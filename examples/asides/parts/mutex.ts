// A lock for tasks: the second task waits without blocking the thread.

/**
 * Lets one task through at a time, in FIFO order. It has no owner: a task that locks it
 * twice waits for itself.
 */
export class Mutex {
  #locked = false;
  readonly #waiting: (() => void)[] = [];

  /** Waits for the lock and takes it. @returns What releases it, to be called once. */
  async lock(): Promise<() => void> {
    if (this.#locked) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#locked = true;
    return () => this.#unlock();
  }

  /** Holds the lock while `work` runs, and releases it even if that throws. */
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
    // It stays locked when it is handed over, so no other task can come in between.
    if (next) next();
    else this.#locked = false;
  }
}
