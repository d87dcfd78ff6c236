// select: nothing is lost, nothing accumulates, and no source starves.
import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { type Selected, select } from "../../examples/shared/select.ts";
import { collectGarbage, growth, turns, watch } from "./helpers.ts";

/** A source that yields when the test says so, and counts its calls. */
class Manual<T> implements AsyncIterableIterator<T> {
  asked = 0;
  readonly #answers: (() => Promise<IteratorResult<T>>)[] = [];
  #waiting: ((answer: Promise<IteratorResult<T>>) => void) | undefined;

  give(value: T): this {
    return this.#answer(() => Promise.resolve({ done: false, value }));
  }

  end(): this {
    return this.#answer(() => Promise.resolve({ done: true, value: undefined }));
  }

  fail(error: Error): this {
    return this.#answer(() => Promise.reject(error));
  }

  next(): Promise<IteratorResult<T>> {
    this.asked += 1;
    const answer = this.#answers.shift();
    if (answer) return answer();
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #answer(answer: () => Promise<IteratorResult<T>>): this {
    if (this.#waiting) this.#waiting(answer());
    else this.#answers.push(answer);
    this.#waiting = undefined;
    return this;
  }
}

function manual(): Manual<number> {
  return new Manual<number>();
}

/** A source that always has an answer ready: 0, 1, 2, … */
function chatty(): AsyncIterableIterator<number> {
  let count = 0;
  return {
    next: () => Promise.resolve({ done: false, value: count++ }),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const got = (from: string, value: number) => ({ from, done: false, value });
const ended = (from: string) => ({ from, done: true, value: undefined });

describe("the event", () => {
  test("carries the name of its source, and the value", async () => {
    const [user, peer] = [new Manual<string>(), manual()];
    peer.give(7);
    expect(await select({ user, peer })).toEqual({ from: "peer", done: false, value: 7 });
    user.give("hello");
    expect(await select({ user, peer })).toEqual({
      from: "user",
      done: false,
      value: "hello",
    });
  });

  test("is a union that `from` and `done` tell apart", async () => {
    const sources = { user: new Manual<string>().give("hello"), peer: manual() };
    const event = await select(sources);
    expectTypeOf(event).toEqualTypeOf<
      | { from: "user"; done: false; value: string }
      | { from: "user"; done: true; value: undefined }
      | { from: "peer"; done: false; value: number }
      | { from: "peer"; done: true; value: undefined }
    >();
    expectTypeOf(event).toEqualTypeOf<Selected<typeof sources>>();
    if (event.done) {
      event.value satisfies undefined;
    } else if (event.from === "user") {
      event.value satisfies string;
    } else {
      event.value satisfies number;
    }
    expect(event.from).toBe("user");
  });

  test("of a source that ends has no value, even if a generator returns one", async () => {
    async function* source(): AsyncGenerator<number, string> {
      yield 1;
      return "the rest";
    }
    const numbers = source();
    expect(await select({ numbers })).toEqual(got("numbers", 1));
    expect(await select({ numbers })).toEqual(ended("numbers"));
  });

  test("comes from any async iterable, whose iterator is requested once", async () => {
    let opened = 0;
    const numbers: AsyncIterable<number> = {
      [Symbol.asyncIterator]() {
        opened += 1;
        return manual().give(1).give(2);
      },
    };
    expect(await select({ numbers })).toEqual(got("numbers", 1));
    expect(await select({ numbers })).toEqual(got("numbers", 2));
    expect(opened).toBe(1);
  });
});

describe("waiting", () => {
  test("lasts until one source answers", async () => {
    const sources = { a: manual(), b: manual() };
    const event = select(sources);
    const watched = watch(event);
    await turns(5);
    expect(watched.settled).toBe(false);
    sources.b.give(1);
    expect(await event).toEqual(got("b", 1));
  });

  test("asks all sources at once", async () => {
    const sources = { a: manual(), b: manual(), c: manual() };
    const event = select(sources);
    expect(Object.values(sources).map((source) => source.asked)).toEqual([1, 1, 1]);
    sources.c.give(1);
    await event;
  });

  test("asks a source again only after its answer was taken", async () => {
    const sources = { a: manual(), b: manual() };
    for (let round = 0; round < 3; round += 1) {
      sources.a.give(round);
      expect(await select(sources)).toEqual(got("a", round));
    }
    expect(sources.b.asked).toBe(1);
    sources.b.give(7);
    expect(await select(sources)).toEqual(got("b", 7));
    expect(sources.b.asked).toBe(1);
  });
});

describe("an answer that came too late", () => {
  test("is kept for the next call", async () => {
    const sources = { a: manual().give(1), b: manual().give(2) };
    const events = [await select(sources), await select(sources)];
    expect(events).toEqual(expect.arrayContaining([got("a", 1), got("b", 2)]));
  });

  test("is kept while its source is left out", async () => {
    const [a, b] = [manual().give(1).give(2), manual()];
    expect(await select({ a, b })).toEqual(got("a", 1));
    b.give(7);
    await turns();
    expect(await select({ a })).toEqual(got("a", 2));
    expect(await select({ a, b })).toEqual(got("b", 7));
  });

  test("does not end a call that leaves its source out", async () => {
    const [a, b] = [manual().give(1), manual()];
    expect(await select({ a, b })).toEqual(got("a", 1));
    const event = select({ a });
    const watched = watch(event);
    b.give(7);
    await turns();
    expect(watched.settled).toBe(false);
    a.give(2);
    expect(await event).toEqual(got("a", 2));
    expect(await select({ b })).toEqual(got("b", 7));
  });

  test("is kept while another source uses its name, and delivered under a new one", async () => {
    const [user, room, otherRoom] = [manual().give(1), manual(), manual()];
    expect(await select({ user, room })).toEqual(got("user", 1));
    otherRoom.give(2);
    expect(await select({ user, room: otherRoom })).toEqual(got("room", 2));
    room.give(7);
    user.give(3);
    await turns();
    expect(await select({ user, room: otherRoom })).toEqual(got("user", 3));
    expect(await select({ user, oldRoom: room })).toEqual(got("oldRoom", 7));
  });

  test("is never lost, duplicated or reordered, whatever the timing", async () => {
    const pause = fc.record({
      kind: fc.constantFrom("microtasks", "turns"),
      count: fc.nat(4),
    });
    // Before some of its values a source throws synchronously.
    const throws = fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.boolean());
    const source = fc.array(fc.record({ pause, throws }), { maxLength: 12, size: "max" });
    type Pause = { kind: string; count: number };
    type Step = { pause: Pause; throws: boolean };

    const wait = async ({ kind, count }: Pause): Promise<void> => {
      for (let n = 0; n < count; n += 1) {
        if (kind === "turns") await turns();
        else await Promise.resolve();
      }
    };
    async function* numbered(steps: readonly Step[]): AsyncGenerator<number, void> {
      for (const [number, { pause }] of steps.entries()) {
        await wait(pause);
        yield number;
      }
    }
    function sourceOf(steps: readonly Step[]): AsyncIterableIterator<number> {
      const [numbers, left] = [numbered(steps), steps.map(({ throws }) => throws)];
      let asked = 0;
      return {
        next() {
          if (left[asked]) {
            left[asked] = false;
            throw new Error("at once");
          }
          asked += 1;
          return numbers.next();
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    }
    const run = async (
      all: Step[][],
      // Between two calls of select: how long, and which sources to leave out.
      calls: { pause: Pause; leaveOut: number[] }[],
    ) => {
      const open: Record<string, AsyncIterable<number>> = {};
      for (const [index, steps] of all.entries()) open[index] = sourceOf(steps);
      const values: number[][] = all.map(() => []);
      const ends: string[] = [];
      let errors = 0;

      for (let round = 0; Object.keys(open).length > 0; round += 1) {
        const call = calls[round % calls.length];
        if (call) await wait(call.pause);
        const asked = Object.entries(open).filter(
          ([name]) => !call?.leaveOut.includes(Number(name)),
        );
        const sources = asked.length > 0 ? Object.fromEntries(asked) : open;
        const event = await select(sources).catch((error: Error) => error);
        if (event instanceof Error) {
          expect(event.message).toBe("at once");
          errors += 1;
        } else if (event.done) {
          ends.push(event.from);
          delete open[event.from];
        } else {
          values[Number(event.from)]?.push(event.value);
        }
      }
      expect(values).toEqual(all.map((steps) => steps.map((_, number) => number)));
      expect(errors).toBe(all.flat().filter((step) => step.throws).length);
      expect(ends.toSorted()).toEqual(all.map((_, index) => `${index}`));
    };

    const sources = fc.array(source, { minLength: 1, maxLength: 4 });
    const leaveOut = fc.array(fc.nat(3), { maxLength: 2 });
    const calls = fc.array(fc.record({ pause, leaveOut }), { maxLength: 8 });
    await fc.assert(fc.asyncProperty(sources, calls, run), { numRuns: 200 });
  });
});

describe("fairness", () => {
  /** The sources that are served in this many calls. */
  async function served(
    sources: Record<string, AsyncIterable<unknown>>,
    count: number,
  ): Promise<string> {
    let names = "";
    for (let n = 0; n < count; n += 1) {
      // Every source that has an answer can yield it before the choice is made.
      await turns();
      names += (await select(sources)).from;
    }
    return names;
  }

  test("makes two sources that are always ready alternate", async () => {
    const names = await served({ a: chatty(), b: chatty() }, 20);
    expect(names).toBe("ab".repeat(10));
  });

  test("makes them alternate even in immediate calls", async () => {
    const sources = { a: chatty(), b: chatty() };
    let names = "";
    for (let n = 0; n < 20; n += 1) names += (await select(sources)).from;
    expect(names).toMatch(/^(ab){10}$|^(ba){10}$/);
  });

  test("takes three sources in turn", async () => {
    const names = await served({ a: chatty(), b: chatty(), c: chatty() }, 9);
    expect(names).toBe("abcabcabc");
  });

  test("serves the source first that was served longest ago", async () => {
    const [a, b, c] = [chatty(), chatty(), chatty()];
    expect(await served({ a, b, c }, 7)).toBe("abcabca");
    expect(await served({ a, b, c }, 5)).toBe("bcabc");
  });

  test("does not depend on the order of the names", async () => {
    const [a, b] = [chatty(), chatty()];
    expect(await served({ a, b }, 1)).toBe("a");
    expect(await served({ b, a }, 2)).toBe("ba");
    expect(await served({ a, b }, 2)).toBe("ba");
  });

  test("serves a long silent source next, but only once", async () => {
    const [a, b] = [chatty(), manual()];
    expect(await served({ a, b }, 10)).toBe("a".repeat(10));
    for (let n = 0; n < 10; n += 1) b.give(n);
    expect(await served({ a, b }, 6)).toMatch(/^bababa$|^ababab$/);
  });
});

describe("an error of a source", () => {
  const error = new Error("lost");

  test("is thrown once, and the source can continue", async () => {
    const a = manual().fail(error).give(1);
    await expect(select({ a })).rejects.toBe(error);
    expect(await select({ a })).toEqual(got("a", 1));
  });

  test("keeps the answers of the others", async () => {
    const sources = { a: manual().fail(error), b: manual().give(1).give(2), c: manual() };
    await expect(select(sources)).rejects.toBe(error);
    expect(await select(sources)).toEqual(got("b", 1));
    expect(await select(sources)).toEqual(got("b", 2));
    sources.c.give(3);
    expect(await select(sources)).toEqual(got("c", 3));
    expect(sources.c.asked).toBe(1);
  });

  test("that occurs while the source is left out is kept, and thrown later", async () => {
    const [a, b] = [manual().give(1).give(2), manual()];
    expect(await select({ a, b })).toEqual(got("a", 1));
    b.fail(error);
    // An unhandled rejection would fail the test run here.
    await turns(3);
    expect(await select({ a })).toEqual(got("a", 2));
    await expect(select({ a, b })).rejects.toBe(error);
  });

  test("takes its turn like a value", async () => {
    const [a, b] = [manual().give(1).give(2), manual().fail(error)];
    expect(await select({ a, b })).toEqual(got("a", 1));
    await turns();
    await expect(select({ a, b })).rejects.toBe(error);
    expect(await select({ a, b })).toEqual(got("a", 2));
  });
});

describe("a source whose next() throws at once", () => {
  const error = new Error("no");

  /** Throws once, then answers 1, 2, 3, … */
  function throwing(): AsyncIterableIterator<number> & { asked: number } {
    return {
      asked: 0,
      next() {
        this.asked += 1;
        if (this.asked === 1) throw error;
        return Promise.resolve({ done: false, value: this.asked - 1 });
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  test("makes the call reject, and is asked again by the next call", async () => {
    const a = throwing();
    await expect(select({ a })).rejects.toBe(error);
    expect(await select({ a })).toEqual(got("a", 1));
    expect(a.asked).toBe(2);
  });

  test("loses no answers of other sources, before it or after it", async () => {
    const [a, b, c] = [throwing(), manual(), manual()];
    await expect(select({ b, a, c })).rejects.toBe(error);
    b.give(7);
    c.give(8);
    await turns();
    expect(await select({ b })).toEqual(got("b", 7));
    expect(await select({ c })).toEqual(got("c", 8));
    expect(await select({ b, a, c })).toEqual(got("a", 1));
    expect([a.asked, b.asked, c.asked]).toEqual([2, 2, 2]);
  });

  test("keeps its error while another is served first", async () => {
    const [a, b] = [throwing(), manual().give(1)];
    expect(await select({ b })).toEqual(got("b", 1));
    b.give(2);
    // b was served later, so a goes first; and then b has answered as well.
    await expect(select({ b, a })).rejects.toBe(error);
    expect(await select({ b, a })).toEqual(got("b", 2));
  });
});

describe("an invalid call", () => {
  test("has no source: it would never return", async () => {
    await expect(select({})).rejects.toThrow("Cannot select: there are no sources");
  });

  test("has a source that a waiting call has too", async () => {
    const [a, b] = [manual(), manual()];
    const waiting = select({ a, b });
    await expect(select({ a })).rejects.toThrow('Cannot select from "a" twice at once');
    await expect(select({ c: manual(), other: b })).rejects.toThrow(
      'Cannot select from "other" twice at once',
    );
    b.give(1);
    expect(await waiting).toEqual(got("b", 1));
    a.give(2);
    expect(await select({ a, b })).toEqual(got("a", 2));
    expect([a.asked, b.asked]).toEqual([1, 2]);
  });

  test("asks no source, and leaves free those without a waiting call", async () => {
    const [a, b] = [manual(), manual()];
    const waiting = select({ a });
    await expect(select({ b, a })).rejects.toThrow("twice at once");
    expect(b.asked).toBe(0);
    b.give(1);
    expect(await select({ b })).toEqual(got("b", 1));
    a.give(2);
    expect(await waiting).toEqual(got("a", 2));
  });

  test("does not count as waiting after its own call was refused", async () => {
    const a = manual();
    const waiting = select({ a });
    await expect(select({ a })).rejects.toThrow("twice at once");
    await expect(select({ a })).rejects.toThrow("twice at once");
    a.give(1);
    expect(await waiting).toEqual(got("a", 1));
  });

  test.each([
    { what: "undefined", source: undefined },
    { what: "null", source: null },
    { what: "a number", source: 7 },
    { what: "an array, which is not async", source: [1] },
  ])("has $what for a source: it rejects and does not throw", async ({ source }) => {
    const a = manual().give(1);
    const sources = { a, b: source } as unknown as Record<string, Manual<number>>;
    await expect(select(sources)).rejects.toThrow(TypeError);
    expect(a.asked).toBe(0);
    expect(await select({ a })).toEqual(got("a", 1));
  });

  test("has a source that fails to return an iterator", async () => {
    const error = new Error("no iterator");
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]() {
        throw error;
      },
    };
    await expect(select({ source })).rejects.toBe(error);
  });
});

describe("a source that has ended", () => {
  test("reports its end at each call", async () => {
    async function* none(): AsyncGenerator<number, void> {}
    const a = none();
    expect(await select({ a })).toEqual(ended("a"));
    expect(await select({ a })).toEqual(ended("a"));
  });

  test("does not keep other sources from being served", async () => {
    const sources = { a: manual().end().end().end(), b: manual().give(1) };
    const events = [];
    for (let n = 0; n < 3; n += 1) {
      await turns();
      events.push(await select(sources));
    }
    expect(events).toEqual([ended("a"), got("b", 1), ended("a")]);
  });

  test("has no effect when it is left out", async () => {
    const [a, b] = [manual().end(), manual()];
    expect(await select({ a, b })).toEqual(ended("a"));
    b.give(1);
    expect(await select({ b })).toEqual(got("b", 1));
  });
});

describe("memory", () => {
  const ROUNDS = 100_000;
  const MEGABYTE = 1024 * 1024;

  test("stays flat in 100,000 rounds with one chatty and one silent source", async () => {
    const sources = { user: chatty(), peer: manual() };
    const rounds = async (count: number) => {
      for (let n = 0; n < count; n += 1) {
        const event = await select(sources);
        if (event.from !== "user") throw new Error("the silent one spoke");
      }
    };
    // Warm-up: code and caches made at first use are not a leak.
    await rounds(1_000);
    const grown = await growth(sources, () => rounds(ROUNDS));
    expect(grown).toBeLessThan(2 * MEGABYTE);
    expect(sources.peer.asked).toBe(1);
    sources.peer.give(7);
    await turns();
    expect(await select(sources)).toEqual(got("peer", 7));
  });

  test("grows when Promise.race waits for the same two", async () => {
    const [user, peer] = [chatty(), manual()];
    const silent = peer.next();
    const rounds = async (count: number) => {
      for (let n = 0; n < count; n += 1) await Promise.race([user.next(), silent]);
    };
    await rounds(1_000);
    const grown = await growth([silent, peer], () => rounds(ROUNDS));
    expect(grown).toBeGreaterThan(10 * MEGABYTE);
  });

  test("does not keep unreachable sources alive, answered or not", async () => {
    const dropped = await (async () => {
      const sources = { a: manual().give(1), b: manual().give(2), c: manual() };
      await select(sources);
      await turns();
      return Object.values(sources).map((source) => new WeakRef(source));
    })();
    await collectGarbage();
    expect(dropped.map((source) => source.deref())).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
