// Plain async functions on our loop: a scope turns each future that is awaited into a promise.
import { Cancelled, Task } from "./executor.ts";
import { type Future, PENDING } from "./future.ts";

/** What a scope waits for, and who waits for it. */
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
 * An async function cannot be dropped: nobody but the engine has its place and its variables.
 * So `cancel` drops the future that it waits for, and throws at its `await`.
 */
export class Scope extends Task {
  #waiting: Waiting | undefined;
  #isCancelled = false;

  /**
   * The value of a future: at once when it has one, so that no promise is made.
   *
   * @throws {Cancelled} By the promise, when the scope is cancelled.
   * @throws {Error} When it waits already: `race` and `join` wait for several.
   */
  wait<Value>(future: Future<Value>): Value | Promise<Value> {
    if (this.#waiting) throw new Error("Cannot wait for two futures: use race or join");
    if (this.#isCancelled) {
      future.drop();
      throw new Cancelled();
    }
    const value = future.poll(this);
    if (value !== PENDING) return value;
    return new Promise<Value>((resolve, reject) => {
      this.#waiting = { future, resolve, reject };
    });
  }

  /** Drops what it waits for: its `await` throws {@link Cancelled}, and so does each later one. */
  cancel(): void {
    this.#isCancelled = true;
    const waiting = this.#take();
    waiting?.future.drop();
    waiting?.reject(new Cancelled());
  }

  /** The async function has ended. */
  end(error?: { readonly error: unknown }): void {
    this.executor.ended(error);
  }

  protected step(): void {
    const { future, resolve } = this.#waiting ?? {};
    if (future === undefined) return;
    try {
      const value = future.poll(this);
      if (value === PENDING) return;
      this.#waiting = undefined;
      resolve?.(value as never);
    } catch (error) {
      this.#take()?.reject(error);
    }
  }

  #take(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
}
