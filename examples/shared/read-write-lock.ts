// A lock that many threads may hold to read, or one to write, in memory that they share.

/** How many readers hold it; or `WRITER`. */
const STATE = 0;
const WRITER = -1;
/** How many writers wait for it. */
const WAITING = 1;
/** Counts how often it became free: sleepers sleep until this is another number. */
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
 * A writer that waits goes before readers that come later: otherwise it might wait without end,
 * while readers come and go. Writers that never stop coming do keep readers out.
 *
 * No wake-up is lost: a refused thread has read `TURN` before, and sleeps only while it is still
 * that number. A thread that is terminated while it holds the lock takes it along: nobody gets
 * in any more.
 *
 * All of its words are read and written by Atomics, which all threads see in one order, so what
 * was written under the lock is seen by the next that holds it (ECMAScript, "Memory Model").
 */
export class ReadWriteLock {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #atomics: Pick<
    typeof Atomics,
    "load" | "add" | "sub" | "store" | "compareExchange" | "wait" | "notify"
  >;

  /**
   * @param words `LOCK_WORDS` of them, all 0 when nobody holds it. Each thread makes a lock of
   *   its own over the same words.
   * @param atomics For tests: what stands for Atomics.
   */
  constructor(words: Int32Array<SharedArrayBuffer>, atomics = Atomics) {
    this.#words = words;
    this.#atomics = atomics;
  }

  /** Calls it while nobody writes; others may read. It must not ask for this lock again. */
  read<Result>(action: () => Result): Result {
    this.#beginRead();
    return this.#reading(action);
  }

  /**
   * As `read`, but without waiting: if an event loop waits, all of its clients do.
   *
   * @returns Undefined when somebody writes or waits to.
   */
  tryRead<Result>(action: () => Result): Result | undefined {
    return this.#hasBegunRead() ? this.#reading(action) : undefined;
  }

  /** Calls it while nobody else reads or writes. It must not ask for this lock again. */
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

  /** False when a writer is in the way. Another reader is not: then it tries again. */
  #hasBegunRead(): boolean {
    const { load, compareExchange } = this.#atomics;
    const words = this.#words;
    for (;;) {
      const readers = load(words, STATE);
      if (readers === WRITER || load(words, WAITING) > 0) return false;
      if (compareExchange(words, STATE, readers, readers + 1) === readers) return true;
    }
  }

  #reading<Result>(action: () => Result): Result {
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
