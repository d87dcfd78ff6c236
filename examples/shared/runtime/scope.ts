// Plain async functions on our loop: a scope turns each awaited future into a promise.
import { Cancelled, Task } from "./executor.ts";
import { type Future, PENDING } from "./future.ts";

/** The future that a scope waits for, and how to settle its promise. */
interface Waiting {
  readonly future: Future<unknown>;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The task of one async function; made by `Runtime.spawnAsync`.
 *
 * ```ts
 * const count = await scope.wait(stream.recv(bytes));
 * ```
 *
 * An async function cannot be dropped, because only the engine has access to its
 * position and its variables. So `cancel` drops the future that it waits for, and its
 * `await` throws.
 */
export class Scope extends Task {
  #waiting: Waiting | undefined;
  #isCancelled = false;

  /**
   * Waits for a future. If it already has its value, that is returned without a promise.
   *
   * @throws {Cancelled} When the scope is cancelled: at once, or through the promise.
   * @throws {Error} When the scope already waits: use `race` or `join` to wait for several.
   */
  wait<Value>(future: Future<Value>): Value | Promise<Value> {
    if (this.#waiting) throw new Error("Cannot wait for two futures: use race or join");
    const value = this.#isCancelled ? PENDING : future.poll(this);
    if (value !== PENDING) return value;
    // It may have cancelled the scope.
    if (this.#isCancelled) {
      future.drop();
      throw new Cancelled();
    }
    return new Promise<Value>((resolve, reject) => {
      this.#waiting = { future, resolve, reject };
    });
  }

  /**
   * Drops the future that it waits for. Its `await` throws {@link Cancelled}, and so does
   * every later one.
   */
  cancel(): void {
    this.#isCancelled = true;
    const waiting = this.#take();
    try {
      waiting?.future.drop();
      waiting?.reject(new Cancelled());
    } catch (error) {
      waiting?.reject(error);
    }
  }

  /** For `Runtime`: the async function has ended. */
  end(error?: { readonly error: unknown }): void {
    this.executor.taskEnded(error);
  }

  protected step(): void {
    // Taken out, because `cancel` must not drop the future in the middle of its poll.
    const waiting = this.#take();
    if (waiting === undefined) return;
    try {
      const value = waiting.future.poll(this);
      if (value === PENDING) this.#waiting = waiting;
      else waiting.resolve(value as never);
    } catch (error) {
      waiting.reject(error);
    }
    if (this.#isCancelled) this.cancel();
  }

  #take(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
}
