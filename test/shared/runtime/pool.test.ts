// The pool: which checkout gets a connection and when, on a simulated clock.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  coroutine,
  type Steps,
  wait,
} from "../../../examples/shared/runtime/coroutine.ts";
import { type Future, ready } from "../../../examples/shared/runtime/future.ts";
import {
  type Lease,
  type Manager,
  Pool,
  type PoolOptions,
  PoolTimeout,
} from "../../../examples/shared/runtime/pool.ts";
import { CountingWaker, Lab, Probe } from "./lab.ts";

/** A manager whose connections are numbers, and which counts what happens to them. */
class Numbers implements Manager<number> {
  made = 0;
  readonly open = new Set<number>();
  readonly broken = new Set<number>();
  readonly dead = new Set<number>();
  /** How a connection is opened: at once by default. */
  connecting: () => Future<unknown> = () => ready(undefined);
  checking: () => Future<unknown> = () => ready(undefined);

  connect(): Future<number> {
    const connecting = this.connecting();
    const steps = function* (numbers: Numbers): Steps<number> {
      yield* wait(connecting);
      numbers.made += 1;
      numbers.open.add(numbers.made);
      return numbers.made;
    };
    return coroutine(steps(this));
  }

  check(one: number): Future<boolean> {
    const checking = this.checking();
    const steps = function* (numbers: Numbers): Steps<boolean> {
      yield* wait(checking);
      return !numbers.dead.has(one);
    };
    return coroutine(steps(this));
  }

  isBroken(one: number): boolean {
    return this.broken.has(one);
  }

  close(one: number): void {
    if (!this.open.delete(one)) throw new Error(`${one} is closed twice`);
  }
}

function setUp(options: Partial<PoolOptions> = {}) {
  const lab = new Lab();
  const numbers = new Numbers();
  const pool = new Pool(lab.runtime, numbers, options);
  const checkout = () => lab.run(wait(pool.checkout()));
  /** Closes the pool, and asserts that nothing is left. */
  const ends = async () => {
    pool.close();
    await lab.until(() => lab.runtime.counts.tasks === 0);
    lab.isEmpty();
    expect([...numbers.open]).toEqual([]);
    expect(pool.state).toEqual({ open: 0, idle: 0, waiting: 0 });
  };
  return { lab, numbers, pool, checkout, ends };
}

function sleep(lab: Lab, ms: number): Promise<void> {
  return lab.run(wait(lab.runtime.timers.sleep(ms)));
}

describe("a pool", () => {
  test("opens connections on demand, and reuses them", async () => {
    const { numbers, pool, checkout, ends } = setUp();
    const first = await checkout();
    const second = await checkout();
    expect([first.connection, second.connection]).toEqual([1, 2]);
    first.release();
    first.release();
    expect(pool.state).toEqual({ open: 2, idle: 1, waiting: 0 });
    expect(() => first.connection).toThrow(/released/);
    const third = await checkout();
    expect([third.connection, numbers.made]).toEqual([1, 2]);
    third.release();
    second.release();
    await ends();
  });

  test("closes a connection whose check throws, and tries the next", async () => {
    const { numbers, checkout, ends } = setUp();
    (await checkout()).release();
    numbers.checking = () => {
      if (numbers.made > 1) return ready(undefined);
      return { poll: () => throws("no answer"), drop() {} };
    };
    const lease = await checkout();
    expect([lease.connection, [...numbers.open]]).toEqual([2, [2]]);
    lease.release();
    await ends();
  });

  test("does nothing for a checkout that is never polled", async () => {
    const { numbers, pool, ends } = setUp();
    pool.checkout().drop();
    pool.checkout();
    expect([numbers.made, pool.state.waiting]).toEqual([0, 0]);
    await ends();
  });

  test("never exceeds its maximum, and serves waiting checkouts in order", async () => {
    const { lab, numbers, pool, ends } = setUp({ max: 2 });
    const order: number[] = [];
    let most = 0;
    for (let task = 0; task < 10; task += 1) {
      const steps = function* (): Steps<void> {
        const lease = yield* wait(pool.checkout());
        order.push(task);
        most = Math.max(most, numbers.open.size);
        yield* wait(lab.runtime.timers.sleep(10));
        lease.release();
      };
      lab.runtime.spawn(coroutine(steps()));
    }
    await lab.until(() => order.length === 10 && pool.state.idle === 2);
    expect(order).toEqual([...order.keys()]);
    expect([most, numbers.made, lab.network.now]).toEqual([2, 2, 50]);
    await ends();
  });

  test("a later checkout never overtakes a waiting one", async () => {
    const { lab, pool, checkout, ends } = setUp({ max: 1 });
    const lease = await checkout();
    const waiting = lab.runtime.spawn(pool.checkout());
    await lab.until(() => pool.state.waiting === 1);
    lease.release();
    // It is free, but assigned to the waiting checkout.
    const late = pool.checkout();
    late.poll(new CountingWaker());
    await lab.until(() => waiting.isFinished);
    expect(pool.state.waiting).toBe(1);
    late.drop();
    (waiting.poll(new CountingWaker()) as Lease<number>).release();
    await ends();
  });

  test("fails a checkout after its timeout, with the reason", async () => {
    const { lab, numbers, pool, checkout, ends } = setUp({ checkoutTimeout: 1000 });
    numbers.connecting = () => ({
      poll() {
        throw new Error("refused");
      },
      drop() {},
    });
    const error = await checkout().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(PoolTimeout);
    expect((error as Error).cause).toEqual(new Error("refused"));
    expect([lab.network.now, pool.state.waiting]).toEqual([1000, 0]);
    // A connection is opened as soon as that works again.
    numbers.connecting = () => ready(undefined);
    (await checkout()).release();
    await ends();
  });

  test("keeps a minimum of idle connections, and replaces those that end", async () => {
    const { lab, numbers, pool, checkout, ends } = setUp({ minIdle: 3 });
    await lab.until(() => pool.state.idle === 3);
    numbers.broken.add(1);
    const lease = await checkout();
    expect(lease.connection).toBe(1);
    await lab.until(() => pool.state.idle === 2);
    lease.release();
    await lab.until(() => pool.state.idle === 3);
    expect([numbers.made, [...numbers.open]]).toEqual([4, [2, 3, 4]]);
    await ends();
  });

  test("closes connections that are idle for too long, or too old", async () => {
    const { lab, numbers, pool, checkout, ends } = setUp({
      idleTimeout: 100,
      lifetime: 1000,
    });
    const lease = await checkout();
    await sleep(lab, 500);
    lease.release();
    await sleep(lab, 99);
    expect(pool.state.open).toBe(1);
    await sleep(lab, 2);
    expect(pool.state.open).toBe(0);
    const other = await checkout();
    await sleep(lab, 1000);
    // It is returned too old, and is not reused.
    other.release();
    expect([numbers.made, pool.state.open]).toEqual([2, 0]);
    await ends();
  });

  test("checks a connection before use, and replaces a dead one", async () => {
    const { numbers, checkout, ends } = setUp();
    const leases = [await checkout(), await checkout(), await checkout()];
    for (const lease of leases) lease.release();
    numbers.dead.add(1).add(2);
    const lease = await checkout();
    expect([lease.connection, [...numbers.open]]).toEqual([3, [3]]);
    lease.release();
    await ends();
  });

  test("closes a connection that is returned broken, or is discarded", async () => {
    const { numbers, pool, checkout, ends } = setUp();
    numbers.broken.add(1);
    (await checkout()).release();
    const lease = await checkout();
    lease.discard();
    lease.release();
    expect([[...numbers.open], pool.state.open]).toEqual([[], 0]);
    await ends();
  });

  test.each(["in the queue", "on its turn", "during a check"])(
    "a checkout dropped %s releases its place",
    async (when) => {
      const { lab, numbers, pool, checkout, ends } = setUp({ max: 1 });
      const lease = await checkout();
      const first = pool.checkout();
      const waker = new CountingWaker();
      first.poll(waker);
      const next = lab.runtime.spawn(pool.checkout());
      await lab.until(() => pool.state.waiting === 2);
      if (when === "amid a check") {
        const probe = new Probe<void>();
        numbers.checking = () => probe;
        lease.release();
        first.poll(waker);
        numbers.checking = () => ready(undefined);
        first.drop();
        expect(probe.drops).toBe(1);
      } else if (when === "in the line") {
        first.drop();
        lease.release();
      } else {
        lease.release();
        expect(waker.wakes).toBe(1);
        first.drop();
      }
      await lab.until(() => next.isFinished);
      (next.poll(new CountingWaker()) as Lease<number>).release();
      expect(pool.state).toEqual({ open: 1, idle: 1, waiting: 0 });
      await ends();
    },
  );

  test("closing it ends waiting checkouts, and connections being opened", async () => {
    const { lab, numbers, pool, ends } = setUp();
    const probe = new Probe<void>();
    numbers.connecting = () => probe;
    const waiting = lab.runtime.spawn(pool.checkout());
    await lab.until(() => pool.state.waiting === 1 && probe.polls > 0);
    pool.close();
    expect(probe.drops).toBe(1);
    await lab.until(() => waiting.isFinished);
    expect(() => waiting.poll(new CountingWaker())).toThrow(/is closed/);
    expect(lab.errors).toEqual([expect.any(PoolTimeout)]);
    lab.errors.length = 0;
    await ends();
  });

  test("serves 25,000 waiting checkouts in order", async () => {
    const { lab, numbers, pool, ends } = setUp({ max: 10 });
    let next = 0;
    let overtaken = 0;
    for (let task = 0; task < 25_000; task += 1) {
      const steps = function* (): Steps<void> {
        const lease = yield* wait(pool.checkout());
        if (next !== task) overtaken += 1;
        next += 1;
        lease.release();
      };
      lab.runtime.spawn(coroutine(steps()));
    }
    await lab.until(() => next === 25_000);
    expect(overtaken).toBe(0);
    expect(numbers.made).toBeLessThanOrEqual(10);
    await ends();
  });
});

function throws(text: string): never {
  throw new Error(text);
}

test("in any sequence of events, each connection has one owner, and none is lost", async () => {
  const plan = fc.record({
    begin: fc.nat(60),
    patience: fc.nat(80),
    use: fc.nat(30),
    end: fc.constantFrom("release", "discard", "break", "die"),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(plan, { maxLength: 25 }),
      fc.nat(3),
      async (plans, minIdle) => {
        const { lab, numbers, pool, ends } = setUp({
          max: 3,
          minIdle,
          idleTimeout: 20,
          lifetime: 90,
          checkoutTimeout: 50,
        });
        const { timers } = lab.runtime;
        numbers.connecting = () => timers.sleep(7);
        numbers.checking = () => timers.sleep(numbers.made % 3);
        const used = new Set<number>();
        let left = plans.length;
        for (const { begin, patience, use, end } of plans) {
          const steps = function* (): Steps<void> {
            try {
              yield* wait(timers.sleep(begin));
              const lease = yield* wait(timers.timeout(pool.checkout(), patience));
              if (typeof lease === "symbol") return;
              const { connection } = lease;
              expect(used.has(connection)).toBe(false);
              expect(numbers.open.size).toBeLessThanOrEqual(3);
              used.add(connection);
              yield* wait(timers.sleep(use));
              used.delete(connection);
              if (end === "break") numbers.broken.add(connection);
              if (end === "die") numbers.dead.add(connection);
              if (end === "discard") lease.discard();
              else lease.release();
            } catch (error) {
              if (!(error instanceof PoolTimeout)) throw error;
            } finally {
              left -= 1;
            }
          };
          lab.runtime.spawn(coroutine(steps()));
        }
        await lab.until(() => left === 0);
        await ends();
      },
    ),
    { numRuns: 40 },
  );
});
