// Tasks: the executor, timers, combined futures, and the two ways to write a task.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  coroutine,
  type Steps,
  wait,
} from "../../../examples/shared/runtime/coroutine.ts";
import {
  Cancelled,
  Executor,
  type JoinHandle,
} from "../../../examples/shared/runtime/executor.ts";
import { type Future, PENDING, ready } from "../../../examples/shared/runtime/future.ts";
import { join, race } from "../../../examples/shared/runtime/race.ts";
import type { Scope } from "../../../examples/shared/runtime/scope.ts";
import { LATE, type Sleep } from "../../../examples/shared/runtime/timers.ts";
import { CancellationToken } from "../../../examples/shared/runtime/token.ts";
import { CountingWaker, Lab, Probe } from "./lab.ts";

const never = (): Future<never> => ({ poll: () => PENDING, drop() {} });

describe("the executor", () => {
  const executor = () => {
    const lost: unknown[] = [];
    let awake = 0;
    const made = new Executor(
      () => {
        awake += 1;
      },
      (error) => void lost.push(error),
    );
    return { made, lost, awake: () => awake };
  };

  test("polls a task once for many wakes, and not at all without one", () => {
    const { made, awake } = executor();
    const probe = new Probe<number>();
    const handle = made.spawn(probe);
    made.run();
    made.run();
    expect(probe.polls).toBe(1);
    for (let times = 0; times < 3; times += 1) handle.wake();
    expect(awake()).toBe(2);
    made.run();
    expect(probe.polls).toBe(2);
    probe.set(7);
    made.run();
    expect([handle.isFinished, handle.poll(new CountingWaker())]).toEqual([true, 7]);
    expect([made.size, probe.drops]).toEqual([0, 0]);
  });

  test("limits each task's work per turn by its budget", () => {
    const { made } = executor();
    const done = [0, 0];
    for (const at of [0, 1]) {
      made.spawn<never>({
        poll: (waker) => {
          while (waker.consumeBudget()) done[at] = (done[at] ?? 0) + 1;
          return PENDING;
        },
        drop() {},
      });
    }
    made.run();
    expect(done[0]).toBeGreaterThan(0);
    expect(done[1]).toBe(done[0]);
    expect(made.isIdle).toBe(false);
    const once = done[0] ?? 0;
    made.run();
    expect(done).toEqual([2 * once, 2 * once]);
  });

  test("reports what a task throws, drops its future, and continues", () => {
    const { made, lost } = executor();
    const probe = new Probe<never>();
    const poll = () => {
      throw new Error("broken");
    };
    made.spawn({ poll, drop: () => probe.drop() });
    const other = made.spawn(ready(1));
    made.run();
    expect(lost).toEqual([new Error("broken")]);
    expect([probe.drops, other.isFinished, made.size]).toEqual([1, true, 0]);
  });

  test("delivers a task's error to its joiner, and nowhere else", () => {
    const { made, lost } = executor();
    const probe = new Probe<number>();
    const handle = made.spawn<number>({
      poll: (waker) => {
        if (probe.poll(waker) === PENDING) return PENDING;
        throw new Error("broken");
      },
      drop() {},
    });
    const waker = new CountingWaker();
    expect(handle.poll(waker)).toBe(PENDING);
    made.run();
    probe.set(1);
    made.run();
    expect(waker.wakes).toBe(1);
    expect(() => handle.poll(waker)).toThrow("broken");
    expect(lost).toEqual([]);
  });

  test("cancels a task: its future is dropped, once", () => {
    const { made, lost } = executor();
    const probe = new Probe<number>();
    const handle = made.spawn(probe);
    made.run();
    handle.cancel();
    handle.cancel();
    probe.set(1);
    made.run();
    expect([probe.drops, made.size, lost.length]).toEqual([1, 0, 0]);
    expect(() => handle.poll(new CountingWaker())).toThrow(Cancelled);
  });
});

test("a turn-end callback can ask for another turn without a wait", async () => {
  const lab = new Lab();
  const seen: string[] = [];
  let left = 3;
  lab.runtime.onTurnEnd(() => {
    seen.push(`end at ${lab.network.now}`);
    left -= 1;
    return left > 0;
  });
  const steps = function* (): Steps<void> {
    yield* wait(lab.runtime.timers.sleep(7));
    seen.push("task");
  };
  lab.runtime.spawn(coroutine(steps()));
  await lab.until(() => seen.includes("task"));
  // Three turns without a wait. The task runs before the end of its turn.
  expect(seen).toEqual(["end at 0", "end at 0", "end at 0", "task", "end at 7"]);
});

describe("timers", () => {
  test("end in order, each at its time", async () => {
    const lab = new Lab();
    const order: number[] = [];
    const sleeps = [30, 10, 20].map((ms) =>
      lab.runtime.spawn(
        coroutine(
          (function* (): Steps<void> {
            yield* wait(lab.runtime.timers.sleep(ms));
            expect(lab.network.now).toBe(ms);
            order.push(ms);
          })(),
        ),
      ),
    );
    await lab.until(() => sleeps.every(({ isFinished }) => isFinished));
    expect(order).toEqual([10, 20, 30]);
    lab.isEmpty();
  });

  test("can be moved, even while a task waits", async () => {
    const lab = new Lab();
    const sleep = lab.runtime.timers.sleep(10);
    const handle = lab.runtime.spawn(sleep);
    await lab.until(() => lab.runtime.counts.tasks === 1);
    sleep.reset(50);
    await lab.until(() => handle.isFinished);
    expect(lab.network.now).toBe(50);
    lab.isEmpty();
  });

  test("start at the first poll", async () => {
    const lab = new Lab();
    const { timers } = lab.runtime;
    const probe = new Probe<number>();
    const [sleep, late] = [timers.sleep(10), timers.timeout(probe, 10)];
    for (const unused of [timers.sleep(10), timers.timeout(never(), 10)]) unused.drop();
    expect(lab.runtime.counts.timers).toBe(0);
    await lab.run(wait(timers.sleep(7)));
    await lab.run(wait(join([sleep, late])));
    expect([lab.network.now, probe.drops]).toEqual([17, 1]);
    lab.isEmpty();
  });

  test("count from the clock outside of a turn, where that of the turn is stale", async () => {
    const lab = new Lab();
    const { timers } = lab.runtime;
    await lab.run(wait(timers.sleep(7)));
    // An async function has waited for a promise that is not ours.
    lab.network.advanceTo(1000);
    expect(timers.now).toBe(1000);
    const ends = [timers.sleep(500), timers.timeout(never(), 500), timers.idle()];
    (ends[2] as Sleep).reset(500);
    const waker = new CountingWaker();
    for (const end of ends) expect(end.poll(waker)).toBe(PENDING);
    await lab.until(() => waker.wakes > 0);
    expect([waker.wakes, lab.network.now]).toEqual([3, 1500]);
    for (const end of ends) expect(end.poll(waker)).not.toBe(PENDING);
    lab.isEmpty();
  });

  test("limit a future, and drop it at the timeout", async () => {
    const lab = new Lab();
    const probe = new Probe<number>();
    const { timers } = lab.runtime;
    const late = await lab.run(wait(timers.timeout(probe, 40)));
    expect([late, lab.network.now, probe.drops]).toEqual([LATE, 40, 1]);
    expect(await lab.run(wait(timers.timeout(ready(3), 40)))).toBe(3);
    lab.isEmpty();
  });

  test("a timeout releases its timer when the future throws", async () => {
    const lab = new Lab();
    const { timers } = lab.runtime;
    const failing = coroutine(
      (function* (): Steps<void> {
        yield* wait(timers.sleep(10));
        throw new Error("no");
      })(),
    );
    await expect(lab.run(wait(timers.timeout(failing, 40)))).rejects.toThrow("no");
    lab.isEmpty();
  });
});

describe("several futures", () => {
  test("race: the first wins, the others are dropped", () => {
    const [a, b, c] = [new Probe<string>(), new Probe<number>(), new Probe<string>()];
    const first = race({ a, b, c });
    const waker = new CountingWaker();
    expect(first.poll(waker)).toBe(PENDING);
    b.set(4);
    expect(waker.wakes).toBe(1);
    expect(first.poll(waker)).toEqual({ from: "b", value: 4 });
    expect([a.drops, b.drops, c.drops]).toEqual([1, 0, 1]);
  });

  test("race: of several ready futures the first in order wins", () => {
    const waker = new CountingWaker();
    const winner = race({ never: never(), a: ready(1), b: ready(2) }).poll(waker);
    expect(winner).toEqual({ from: "a", value: 1 });
  });

  test("join: waits for all, polls none twice, and keeps their order", () => {
    const [a, b] = [new Probe<string>(), new Probe<number>()];
    const both = join<[string, number]>([a, b]);
    const waker = new CountingWaker();
    b.set(2);
    expect(both.poll(waker)).toBe(PENDING);
    a.set("one");
    expect(both.poll(waker)).toEqual(["one", 2]);
    expect(b.polls).toBe(1);
  });

  test.each([
    ["race", (all: Future<unknown>[]) => race(Object.fromEntries(all.entries()))],
    ["join", (all: Future<unknown>[]) => join(all)],
  ])("%s: an error drops the others", (_, combine) => {
    const probe = new Probe<string>();
    const poll = () => {
      throw new Error("broken");
    };
    const all = combine([probe, { poll, drop() {} }]);
    expect(() => all.poll(new CountingWaker())).toThrow("broken");
    expect(probe.drops).toBe(1);
  });
});

describe("a task that cancels itself", () => {
  test("ends where it next waits, and drops what it waits for", async () => {
    const lab = new Lab();
    const seen: string[] = [];
    const steps = function* (): Steps<void> {
      try {
        yield* wait(lab.runtime.timers.sleep(1));
        handle.cancel();
        seen.push("cancelled");
        yield* wait(lab.runtime.timers.sleep(100_000));
        seen.push("woken");
      } finally {
        handle.cancel();
        seen.push("finally");
      }
    };
    const all = { steps: coroutine(steps()), late: lab.runtime.timers.sleep(100_000) };
    const handle: JoinHandle<unknown> = lab.runtime.spawn(race(all));
    await lab.until(() => handle.isFinished);
    expect(seen).toEqual(["cancelled", "finally"]);
    expect(() => handle.poll(new CountingWaker())).toThrow(Cancelled);
    lab.isEmpty();
  });

  test("keeps its value when it does not wait again", async () => {
    const lab = new Lab();
    const steps = function* (): Steps<string> {
      yield* wait(lab.runtime.timers.sleep(1));
      handle.cancel();
      return "value";
    };
    const handle: JoinHandle<string> = lab.runtime.spawn(coroutine(steps()));
    await lab.until(() => handle.isFinished);
    expect(handle.poll(new CountingWaker())).toBe("value");
    lab.isEmpty();
  });

  test("from a finally block: it is counted once", async () => {
    const lab = new Lab();
    const steps = function* (): Steps<void> {
      try {
        yield* wait(never());
      } finally {
        handle.cancel();
      }
    };
    const handle: JoinHandle<void> = lab.runtime.spawn(coroutine(steps()));
    await lab.run(wait(lab.runtime.timers.sleep(1)));
    handle.cancel();
    lab.isEmpty();
  });

  test.each([
    ["in its first poll", 0],
    ["in a later poll", 1],
  ])("an async function, %s", async (_, ms) => {
    const lab = new Lab();
    const seen: unknown[] = [];
    const steps = function* (scope: Scope): Steps<void> {
      try {
        if (ms > 0) yield* wait(lab.runtime.timers.sleep(ms));
        scope.cancel();
        seen.push("cancelled");
        yield* wait(lab.runtime.timers.sleep(100_000));
      } finally {
        seen.push("finally");
      }
    };
    lab.runtime.spawnAsync(async (scope) => {
      const waited = (async () => scope.wait(coroutine(steps(scope))))();
      await waited.catch((error) => seen.push(error));
    });
    await lab.until(() => lab.runtime.counts.tasks === 0);
    expect(seen).toEqual(["cancelled", "finally", new Cancelled()]);
    lab.isEmpty();
  });
});

test("a cancelled async function gets what the drop throws", async () => {
  const lab = new Lab();
  const broken = (): never => {
    throw new Error("broken");
  };
  const future: Future<void> = { poll: () => PENDING, drop: broken };
  const seen: unknown[] = [];
  const scope = lab.runtime.spawnAsync(async (scope) => {
    await (scope.wait(future) as Promise<void>).catch((error) => seen.push(error));
  });
  scope.cancel();
  await lab.until(() => lab.runtime.counts.tasks === 0);
  expect(seen).toEqual([new Error("broken")]);
  lab.isEmpty();
});

describe("a coroutine", () => {
  test("resumes with a future's value, or its error", async () => {
    const lab = new Lab();
    const failing: Future<never> = {
      poll() {
        throw new Error("broken");
      },
      drop() {},
    };
    const steps = function* (): Steps<string> {
      const one = yield* wait(ready(1));
      try {
        yield* wait(failing);
      } catch (error) {
        return `${one} ${(error as Error).message}`;
      }
      return "no";
    };
    expect(await lab.run(steps())).toBe("1 broken");
    lab.isEmpty();
  });

  test("runs its finally blocks when it is dropped, and drops what it waits for", () => {
    const probe = new Probe<number>();
    let cleaned = 0;
    const steps = function* (): Steps<void> {
      try {
        yield* wait(probe);
      } finally {
        cleaned += 1;
      }
    };
    const future = coroutine(steps());
    // A coroutine that was never polled has nothing to clean up.
    coroutine(steps()).drop();
    future.poll(new CountingWaker());
    future.drop();
    future.drop();
    expect([probe.drops, cleaned]).toEqual([1, 1]);
    expect(() => future.poll(new CountingWaker())).toThrow(/has ended/);
  });

  test("cannot wait while it is dropped", () => {
    const late = new Probe<number>();
    const steps = function* (): Steps<void> {
      try {
        yield* wait(never());
      } finally {
        yield* wait(late);
      }
    };
    const future = coroutine(steps());
    future.poll(new CountingWaker());
    expect(() => future.drop()).toThrow(/finally/);
    expect(late.drops).toBe(1);
  });

  test("cannot be polled after its end", () => {
    const future = coroutine(wait(ready(1)));
    future.poll(new CountingWaker());
    expect(() => future.poll(new CountingWaker())).toThrow(/has ended/);
  });
});

describe("an async function", () => {
  test("waits by promises, and creates none for a ready future", async () => {
    const lab = new Lab();
    const seen: unknown[] = [];
    lab.runtime.spawnAsync(async (scope) => {
      seen.push(scope.wait(ready("at once")));
      const slept = scope.wait(lab.runtime.timers.sleep(20));
      expect(slept).toBeInstanceOf(Promise);
      await slept;
      seen.push(lab.network.now);
    });
    await lab.until(() => lab.runtime.counts.tasks === 0);
    expect(seen).toEqual(["at once", 20]);
    lab.isEmpty();
  });

  test("is cancelled at its await: what it waits for is dropped", async () => {
    const lab = new Lab();
    const probe = new Probe<number>();
    const seen: unknown[] = [];
    const scope = lab.runtime.spawnAsync(async (scope) => {
      try {
        await scope.wait(probe);
      } catch (error) {
        seen.push(error);
        await scope.wait(lab.runtime.timers.sleep(10));
      } finally {
        seen.push("finally");
      }
    });
    scope.cancel();
    await lab.until(() => lab.runtime.counts.tasks === 0);
    expect(seen).toEqual([new Cancelled(), "finally"]);
    expect(probe.drops).toBe(1);
    lab.isEmpty();
  });

  test("cannot wait for two futures at once", async () => {
    const lab = new Lab();
    const probe = new Probe<number>();
    lab.runtime.spawnAsync(async (scope) => {
      const first = scope.wait(probe);
      expect(() => scope.wait(ready(1))).toThrow(/race or join/);
      probe.set(1);
      await first;
    });
    await lab.until(() => lab.runtime.counts.tasks === 0);
    lab.isEmpty();
  });

  test("reports its error", async () => {
    const lab = new Lab();
    lab.runtime.spawnAsync(async () => {
      throw new Error("broken");
    });
    await lab.until(() => lab.errors.length > 0);
    expect(lab.errors).toEqual([new Error("broken")]);
    expect(lab.runtime.counts.tasks).toBe(0);
  });
});

test("a token wakes all waiting tasks, and keeps none that left", () => {
  const token = new CancellationToken();
  const [a, b] = [token.cancelled(), token.cancelled()];
  const waker = new CountingWaker();
  expect([a.poll(waker), b.poll(new CountingWaker())]).toEqual([PENDING, PENDING]);
  b.drop();
  expect(token.size).toBe(1);
  token.cancel();
  expect([waker.wakes, a.poll(waker), token.size]).toEqual([1, undefined, 0]);
});

test("a token wakes a task that waits for it twice, and has dropped one wait", async () => {
  const lab = new Lab();
  const token = new CancellationToken();
  const stop = race({ stop: token.cancelled(), late: lab.runtime.timers.sleep(10) });
  const both = lab.runtime.spawn(join([token.cancelled(), stop]));
  await lab.run(wait(lab.runtime.timers.sleep(20)));
  token.cancel();
  await lab.until(() => both.isFinished);
  lab.isEmpty();
});

test("whatever is combined and whenever it is dropped, no timer leaks", async () => {
  type Tree =
    | { is: "sleep"; ms: number }
    | { is: "race" | "join"; of: Tree[] }
    | { is: "timeout"; ms: number; of: Tree };
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, depthSize: "medium" },
      fc.record({ is: fc.constant("sleep" as const), ms: fc.nat(50) }),
      fc.record({
        is: fc.constantFrom("race" as const, "join" as const),
        of: fc.array(tie("tree"), { minLength: 1, maxLength: 4 }),
      }),
      fc.record({
        is: fc.constant("timeout" as const),
        ms: fc.nat(50),
        of: tie("tree"),
      }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(tree, fc.nat(60), async (tree, end) => {
      const lab = new Lab();
      const { timers } = lab.runtime;
      const build = (tree: Tree): Future<unknown> => {
        if (tree.is === "sleep") return timers.sleep(tree.ms);
        if (tree.is === "timeout") return timers.timeout(build(tree.of), tree.ms);
        const all = tree.of.map(build);
        return tree.is === "race" ? race(Object.fromEntries(all.entries())) : join(all);
      };
      const handle = lab.runtime.spawn(build(tree));
      let isOver = false;
      const cancel = function* (): Steps<void> {
        yield* wait(timers.sleep(end));
        handle.cancel();
        isOver = true;
      };
      lab.runtime.spawn(coroutine(cancel()));
      await lab.until(() => isOver);
      lab.isEmpty();
    }),
    { numRuns: 60 },
  );
});
