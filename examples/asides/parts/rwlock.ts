// A lock for many readers or one writer.

interface Waiter {
  readonly writes: boolean;
  readonly wake: () => void;
}

/**
 * Readers hold it together, a writer alone. It is granted in FIFO order: a reader that
 * comes after a waiting writer waits too, or the writer might starve. For the same reason
 * a reader must not ask again while it holds the lock.
 */
export class ReadWriteLock {
  /** How many readers hold it; -1 when a writer does. */
  #held = 0;
  readonly #waiting: Waiter[] = [];

  /** Holds the lock together with other readers while `work` runs. */
  read<T>(work: () => Promise<T>): Promise<T> {
    return this.#run(false, work);
  }

  /** Holds the lock alone while `work` runs. */
  write<T>(work: () => Promise<T>): Promise<T> {
    return this.#run(true, work);
  }

  async #run<T>(writes: boolean, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((wake) => {
      this.#waiting.push({ writes, wake });
      this.#serve();
    });
    try {
      return await work();
    } finally {
      this.#held = writes ? 0 : this.#held - 1;
      this.#serve();
    }
  }

  /** Grants the lock to those at the front of the queue that can hold it now. */
  #serve(): void {
    for (;;) {
      const first = this.#waiting[0];
      if (first === undefined) return;
      if (first.writes ? this.#held !== 0 : this.#held < 0) return;
      this.#held = first.writes ? -1 : this.#held + 1;
      this.#waiting.shift();
      first.wake();
    }
  }
}
