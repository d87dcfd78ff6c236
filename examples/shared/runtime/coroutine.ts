// A generator as a future: each `yield*` of a future waits for it.
import { type Future, PENDING, type Poll, type Waker } from "./future.ts";

/** What runs as a coroutine: it yields the futures that it waits for, and returns a value. */
export type Steps<Value> = Generator<Future<unknown>, Value, never>;

/**
 * Waits for a future, within a coroutine: `const count = yield* wait(stream.recv(bytes))`.
 *
 * @throws What the future throws.
 */
export function* wait<Value>(
  future: Future<Value>,
): Generator<Future<Value>, Value, never> {
  return yield future;
}

/**
 * A coroutine as a future. The engine keeps its place and its variables between two polls, as
 * fields of an object; that is all that a compiler makes of `async` in Rust.
 */
export function coroutine<Value>(steps: Steps<Value>): Future<Value> {
  return new Coroutine(steps);
}

class Coroutine<Value> implements Future<Value> {
  readonly #steps: Generator<Future<unknown>, Value, unknown>;
  /** What it waits for; undefined before its first step. */
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

  /** Ends it at its `yield`: what it waits for is dropped, and its `finally` blocks run. */
  drop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#waits?.drop();
    const { done, value } = this.#steps.return(undefined as never);
    if (done) return;
    value.drop();
    throw new Error("Cannot wait in the finally block of a coroutine that was dropped");
  }

  /** Goes on to the next `yield`, with the value of the last or with what it threw. */
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
