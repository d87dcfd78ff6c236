// Tells many tasks to stop. Modelled on tokio-util's CancellationToken.
import type { Future } from "./future.ts";
import { Waiters } from "./waiters.ts";

/** Shared by many tasks, each of which checks it or waits for it. */
export class CancellationToken {
  readonly #waiting = new Waiters();
  #isCancelled = false;

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** How many futures wait for it. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Wakes all waiting tasks. Idempotent. */
  cancel(): void {
    this.#isCancelled = true;
    this.#waiting.wakeAll();
  }

  /** Pending until the token is cancelled. */
  cancelled(): Future<void> {
    return this.#waiting.until(() => this.#isCancelled);
  }
}
