// A read-write lock in shared memory: held by many readers or by one writer.

/** How many readers hold it; or `WRITER`. */
const STATE = 0;
const WRITER = -1;
/** How many writers wait for it. */
const WAITING = 1;
/** Counts how often it became free: waiting threads sleep until it changes. */
const TURN = 2;

/** How many words a lock needs. */
export const LOCK_WORDS = 3;

/**
 * ```text
 *             a reader: +1                        the last reader: −1, wakes all
 *   free ◄──────────────────────► 1, 2, 3 … readers
 *     ▲
 *     └──────────────────────────► a writer       it leaves: 0, wakes all
 * ```
 *
 * A waiting writer goes before readers that come later, because it might starve otherwise
 * while readers come and go. A constant stream of writers does starve readers.
 *
 * No wakeup is lost: a refused thread has read `TURN` before it tried, and sleeps only
 * while `TURN` is unchanged. A thread that is terminated while it holds the lock never
 * releases it, and a writer that is terminated while it waits keeps all readers out.
 *
 * All of its words are accessed through Atomics, which are sequentially consistent, so
 * what was written under the lock is seen by the next thread that holds it (ECMAScript,
 * "Memory Model").
 */
export class ReadWriteLock {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #atomics: Pick<
    typeof Atomics,
    "load" | "add" | "sub" | "store" | "compareExchange" | "wait" | "notify"
  >;

  /**
   * @param words `LOCK_WORDS` of them, all 0 at first. Each thread makes a lock of its own
   *   over the same words.
   * @param atomics For tests: replaces Atomics.
   */
  constructor(words: Int32Array<SharedArrayBuffer>, atomics = Atomics) {
    this.#words = words;
    this.#atomics = atomics;
  }

  /** Calls `action` while other threads may only read. It must not take the lock again. */
  read<Result>(action: () => Result): Result {
    this.#beginRead();
    return this.#runRead(action);
  }

  /**
   * As `read`, but without blocking: if an event loop blocks, so do all of its clients.
   *
   * @returns Undefined when a writer has the lock or waits for it.
   */
  tryRead<Result>(action: () => Result): Result | undefined {
    return this.#tryBeginRead() ? this.#runRead(action) : undefined;
  }

  /** Calls `action` while no other thread has the lock. It must not take the lock again. */
  write<Result>(action: () => Result): Result {
    this.#beginWrite();
    try {
      return action();
    } finally {
      this.#atomics.store(this.#words, STATE, 0);
      this.#wake();
    }
  }

  #beginRead(): void {
    const { load, compareExchange, wait } = this.#atomics;
    const words = this.#words;
    for (;;) {
      const turn = load(words, TURN);
      const readers = load(words, STATE);
      if (readers === WRITER || load(words, WAITING) > 0) wait(words, TURN, turn);
      else if (compareExchange(words, STATE, readers, readers + 1) === readers) return;
    }
  }

  /** False when a writer has it or waits for it. Retries if another reader was faster. */
  #tryBeginRead(): boolean {
    const { load, compareExchange } = this.#atomics;
    const words = this.#words;
    for (;;) {
      const readers = load(words, STATE);
      if (readers === WRITER || load(words, WAITING) > 0) return false;
      if (compareExchange(words, STATE, readers, readers + 1) === readers) return true;
    }
  }

  #runRead<Result>(action: () => Result): Result {
    try {
      return action();
    } finally {
      if (this.#atomics.sub(this.#words, STATE, 1) === 1) this.#wake();
    }
  }

  #beginWrite(): void {
    const { load, add, sub, compareExchange, wait } = this.#atomics;
    const words = this.#words;
    add(words, WAITING, 1);
    for (;;) {
      const turn = load(words, TURN);
      if (compareExchange(words, STATE, 0, WRITER) === 0) break;
      wait(words, TURN, turn);
    }
    sub(words, WAITING, 1);
  }

  #wake(): void {
    this.#atomics.add(this.#words, TURN, 1);
    this.#atomics.notify(this.#words, TURN);
  }
}
