// Generators as futures: each `yield*` waits for a future.
import { type Future, PENDING, type Poll, type Waker } from "./future.ts";

/** The body of a coroutine: yields the futures that it waits for, and returns a value. */
export type Steps<Value> = Generator<Future<unknown>, Value, never>;

/**
 * Waits for a future inside a coroutine: `const count = yield* wait(stream.recv(bytes))`.
 *
 * @throws What the future throws.
 */
export function* wait<Value>(
  future: Future<Value>,
): Generator<Future<Value>, Value, never> {
  return yield future;
}

/**
 * Makes a future of a coroutine. Between polls the engine keeps its position and its
 * variables in an object; Rust's compiler makes the same of an `async` function.
 */
export function coroutine<Value>(steps: Steps<Value>): Future<Value> {
  return new Coroutine(steps);
}

class Coroutine<Value> implements Future<Value> {
  readonly #steps: Generator<Future<unknown>, Value, unknown>;
  /** The future that it waits for; undefined before its first step. */
  #waits: Future<unknown> | undefined;
  #isOver = false;

  constructor(steps: Steps<Value>) {
    this.#steps = steps as Generator<Future<unknown>, Value, unknown>;
  }

  poll(waker: Waker): Poll<Value> {
    if (this.#isOver) throw new Error("Cannot poll a coroutine that has ended");
    for (;;) {
      const result = this.#step(waker);
      if (result === PENDING) return PENDING;
      if (result.done) {
        this.#isOver = true;
        return result.value;
      }
      this.#waits = result.value;
    }
  }

  /**
   * Ends it at its current `yield`: drops the future that it waits for, and runs its
   * `finally` blocks.
   */
  drop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#waits?.drop();
    const { done, value } = this.#steps.return(undefined as never);
    if (done) return;
    value.drop();
    throw new Error("Cannot wait in the finally block of a coroutine that was dropped");
  }

  /** Runs to the next `yield`, starting with the value or the error of the last future. */
  #step(waker: Waker): typeof PENDING | IteratorResult<Future<unknown>, Value> {
    let value: unknown;
    let failure: { readonly error: unknown } | undefined;
    try {
      value = this.#waits?.poll(waker);
      if (value === PENDING) return PENDING;
    } catch (error) {
      failure = { error };
    }
    this.#waits = undefined;
    try {
      return failure ? this.#steps.throw(failure.error) : this.#steps.next(value);
    } catch (error) {
      this.#isOver = true;
      throw error;
    }
  }
}
