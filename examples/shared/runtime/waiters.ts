// The tasks that wait for a condition, such as room in a queue. tokio's `Notify` is similar.
import { type Future, PENDING, type Waker } from "./future.ts";

/**
 * The wakers of futures that wait. There is one for each future and not for each task: a
 * task may wait with several, and dropping one must not deregister the others.
 */
export class Waiters {
  readonly #wakers = new Map<Future<void>, Waker>();

  /** How many futures wait. */
  get size(): number {
    return this.#wakers.size;
  }

  /** Pending until a condition holds, which it checks at each poll. */
  until(isSo: () => boolean): Future<void> {
    const future: Future<void> = {
      poll: (waker) => {
        if (!isSo()) {
          this.#wakers.set(future, waker);
          return PENDING;
        }
        this.#wakers.delete(future);
        return undefined;
      },
      drop: () => void this.#wakers.delete(future),
    };
    return future;
  }

  /** Wakes all waiting tasks, so that each checks its condition again. */
  wakeAll(): void {
    const wakers = [...this.#wakers.values()];
    this.#wakers.clear();
    for (const waker of wakers) waker.wake();
  }
}
