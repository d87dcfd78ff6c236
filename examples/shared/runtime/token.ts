// Tells many tasks to stop. Modelled on tokio-util's CancellationToken.
import { type Future, PENDING, type Waker } from "./future.ts";

/** Shared by many tasks, each of which checks it or waits for it. */
export class CancellationToken {
  readonly #waiting = new Set<Waker>();
  #isCancelled = false;

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** How many tasks wait for it. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Wakes all waiting tasks. Idempotent. */
  cancel(): void {
    this.#isCancelled = true;
    for (const waker of this.#waiting) waker.wake();
    this.#waiting.clear();
  }

  /** Pending until the token is cancelled. */
  cancelled(): Future<void> {
    let mine: Waker | undefined;
    return {
      poll: (waker) => {
        if (this.#isCancelled) return undefined;
        mine = waker;
        this.#waiting.add(waker);
        return PENDING;
      },
      drop: () => {
        if (mine) this.#waiting.delete(mine);
        mine = undefined;
      },
    };
  }
}
