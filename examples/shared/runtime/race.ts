// Waits for several futures at once: for the first, or for all.
import { type Future, PENDING, type Poll, type Waker } from "./future.ts";

type ValueOf<One> = One extends Future<infer Value> ? Value : never;

/** What `race` returns: the winner's name and value. Switch on `from`. */
export type Winner<Futures> = {
  [From in keyof Futures]: {
    readonly from: From;
    readonly value: ValueOf<Futures[From]>;
  };
}[keyof Futures];

/**
 * Waits for the first future that has a value, and drops all others. If several have
 * one, the first in order wins: put urgent ones in front. tokio calls this `select!`,
 * with `biased`.
 *
 * A dropped future must have undone what it began. `recv` of a channel or socket may lose,
 * because it takes nothing before it returns ("cancel safe"). A future that reads a line in
 * two pieces may not: the first piece would be lost.
 */
export function race<Futures extends Record<string, Future<unknown>>>(
  futures: Futures,
): Future<Winner<Futures>> {
  return new Race(futures) as Future<Winner<Futures>>;
}

class Race implements Future<{ from: string; value: unknown }> {
  readonly #futures: readonly (readonly [string, Future<unknown>])[];

  constructor(futures: Record<string, Future<unknown>>) {
    this.#futures = Object.entries(futures);
  }

  poll(waker: Waker): Poll<{ from: string; value: unknown }> {
    for (const [from, future] of this.#futures) {
      let value: unknown;
      try {
        value = future.poll(waker);
      } catch (error) {
        this.#dropAllBut(future);
        throw error;
      }
      if (value === PENDING) continue;
      this.#dropAllBut(future);
      return { from, value };
    }
    return PENDING;
  }

  drop(): void {
    this.#dropAllBut(undefined);
  }

  #dropAllBut(winner: Future<unknown> | undefined): void {
    for (const [, future] of this.#futures) if (future !== winner) future.drop();
  }
}

/** Waits for all futures; returns their values in order. If one throws, drops the rest. */
export function join<Values extends readonly unknown[]>(
  futures: {
    readonly [At in keyof Values]: Future<Values[At]>;
  },
): Future<Values> {
  return new Join([...futures]) as Future<unknown> as Future<Values>;
}

class Join implements Future<readonly unknown[]> {
  readonly #futures: (Future<unknown> | undefined)[];
  readonly #values: unknown[];

  constructor(futures: readonly Future<unknown>[]) {
    this.#futures = [...futures];
    this.#values = futures.map(() => undefined);
  }

  poll(waker: Waker): Poll<readonly unknown[]> {
    let isDone = true;
    for (const [at, future] of this.#futures.entries()) {
      if (future === undefined) continue;
      let value: unknown;
      try {
        value = future.poll(waker);
      } catch (error) {
        this.#futures[at] = undefined;
        this.drop();
        throw error;
      }
      if (value === PENDING) isDone = false;
      else {
        this.#futures[at] = undefined;
        this.#values[at] = value;
      }
    }
    return isDone ? this.#values : PENDING;
  }

  drop(): void {
    for (const [at, future] of this.#futures.entries()) {
      this.#futures[at] = undefined;
      future?.drop();
    }
  }
}
