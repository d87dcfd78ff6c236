// Several futures at once: all of them, or the first.
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
 * The first that has a value; all others are dropped. Of several that have one the first by
 * order: put what must not wait in front. tokio calls it `select!`, with `biased`.
 *
 * A dropped future has not happened: what it had begun it must have given back. So `recv` of a
 * channel or socket may lose, as it takes nothing before it returns; a future that reads a
 * line in two pieces may not, or the first piece is lost ("cancel safe").
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

/** The values of all futures, in their order. When one throws, the others are dropped. */
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
    let isWhole = true;
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
      if (value === PENDING) isWhole = false;
      else {
        this.#futures[at] = undefined;
        this.#values[at] = value;
      }
    }
    return isWhole ? this.#values : PENDING;
  }

  drop(): void {
    for (const [at, future] of this.#futures.entries()) {
      this.#futures[at] = undefined;
      future?.drop();
    }
  }
}
