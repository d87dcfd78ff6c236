// A model checker: runs threads in every possible order of their steps on shared memory.
import { type Progress, type Step, Stepwise, type ThreadBody } from "./stepwise.ts";

/** Some threads, and what must hold when all have ended. */
export interface Model<Memory> {
  /** Plain data that contains `Int32Array`s. */
  readonly memory: Memory;
  /** By name. What a thread does must depend only on what it has read. */
  readonly threads: Readonly<Record<string, ThreadBody<Memory>>>;
  /** @param results What each thread has returned. @returns What is wrong, if anything. */
  check(results: Readonly<Record<string, unknown>>): string | undefined;
}

export interface Report {
  /** How many distinct states were reached. */
  readonly states: number;
  /** How many orders of the steps there are; undefined when one of them goes wrong. */
  readonly orders: bigint | undefined;
  /** What goes wrong, and the steps that lead there. */
  readonly failure:
    | { readonly what: string; readonly trail: readonly string[] }
    | undefined;
}

interface Thread {
  readonly progress: Progress;
  readonly isAsleep: boolean;
  /** Plain writes that other threads do not see yet, as in a processor's store buffer. */
  readonly writes: readonly Step[];
}

interface State {
  readonly memory: readonly (readonly number[])[];
  readonly threads: readonly Thread[];
}

/** What each writing operation leaves in a word. All of them return the old value. */
const LEAVES: Readonly<Record<string, (old: number, ...values: number[]) => number>> = {
  store: (_, value = 0) => value,
  exchange: (_, value = 0) => value,
  add: (old, value = 0) => (old + value) | 0,
  sub: (old, value = 0) => (old - value) | 0,
  and: (old, value = 0) => old & value,
  or: (old, value = 0) => old | value,
  compareExchange: (old, expected, value = 0) => (old === expected ? value : old),
};

class Wrong extends Error {}

/**
 * Tries all orders, but each state only once, because what can follow does not depend on
 * how it was reached.
 *
 * All threads see Atomics in one order. A plain write is seen later, at the latest when its
 * thread next writes with Atomics, as on x86 (Sewell and others, "x86-TSO", 2010).
 */
export function interleave<Memory>(model: Model<Memory>): Report {
  const names = Object.keys(model.threads);
  const code = new Stepwise(model.memory);
  /** The number of orders in which each state can continue. */
  const counts = new Map<string, bigint>();
  const trail: string[] = [];
  return code.run(() => {
    const bodies = Object.values(model.threads);
    const threads = bodies.map((body) =>
      putAside({ progress: code.start(body), isAsleep: false, writes: [] }),
    );
    try {
      const orders = explore({ memory: code.memory, threads });
      return { states: counts.size, orders, failure: undefined };
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      const failure = { what: error.message, trail };
      return { states: counts.size, orders: undefined, failure };
    }
  });

  function explore(state: State): bigint {
    const key = keyOf(state);
    const known = counts.get(key);
    if (known !== undefined) return known;
    let count = 0n;
    const goOn = (what: string, after: State) => {
      trail.push(what);
      count += explore(after);
      trail.pop();
    };
    for (const [at, { progress, isAsleep, writes }] of state.threads.entries()) {
      const [write] = writes;
      if (write) goOn(`${textOf(at, write)}, now seen by all`, flushed(state, at, 1));
      const { next } = progress;
      if (next && !isAsleep) goOn(textOf(at, next), stepped(state, at, next));
    }
    if (count === 0n) end(state);
    counts.set(key, count || 1n);
    return count || 1n;
  }

  function end({ threads }: State): void {
    const asleep = names.filter((_, at) => threads[at]?.isAsleep);
    if (asleep.length > 0) throw new Wrong(`${asleep.join(" and ")}: asleep forever`);
    const results = names.map((name, at) => [name, threads[at]?.progress.result]);
    const wrong = model.check(Object.fromEntries(results));
    if (wrong !== undefined) throw new Wrong(wrong);
  }

  function textOf(at: number, { operation, array, index, values }: Step): string {
    // Infinity is a wait without a timeout.
    const numbers = values.filter(Number.isFinite).join(", ");
    return `${names[at]}: ${operation} ${code.places[array]}[${index}] ${numbers}`.trimEnd();
  }
}

/** The state after a thread's next step. */
function stepped(before: State, at: number, step: Step): State {
  const { operation, array, index, values } = step;
  if (operation === "notify") return notified(before, at, step);
  const leaves = LEAVES[operation];
  const state = leaves ? flushed(before, at, Number.POSITIVE_INFINITY) : before;
  const thread = state.threads[at] as Thread;
  const own = thread.writes.findLast((one) => one.array === array && one.index === index);
  const old = own?.values[0] ?? state.memory[array]?.[index] ?? 0;
  if (operation === "wait" && old === values[0])
    return withThread(state, at, { ...thread, isAsleep: true });
  const now = leaves ? written(state, array, index, leaves(old, ...values)) : state;
  return withThread(now, at, after(thread, old));
}

/** The state after a notify: all threads that sleep on the word continue. */
function notified(state: State, at: number, { array, index }: Step): State {
  const threads = state.threads.map((one, which) => {
    const { next } = one.progress;
    const isWoken = one.isAsleep && next?.array === array && next.index === index;
    return isWoken || which === at ? after(one, 0) : one;
  });
  return { ...state, threads };
}

function after(thread: Thread, value: number): Thread {
  const progress = thread.progress.after(value);
  return putAside({ ...thread, progress, isAsleep: false });
}

/** Lets a thread continue past plain writes at once: no other thread sees them yet. */
function putAside(thread: Thread): Thread {
  const { next } = thread.progress;
  if (next?.operation !== "write") return thread;
  return after({ ...thread, writes: [...thread.writes, next] }, 0);
}

/** The state after all threads see the oldest `count` plain writes of a thread. */
function flushed(state: State, at: number, count: number): State {
  const thread = state.threads[at] as Thread;
  if (thread.writes.length === 0) return state;
  let now = state;
  for (const { array, index, values } of thread.writes.slice(0, count))
    now = written(now, array, index, values[0] ?? 0);
  return withThread(now, at, { ...thread, writes: thread.writes.slice(count) });
}

function written(state: State, array: number, index: number, value: number): State {
  const memory = state.memory.with(array, (state.memory[array] ?? []).with(index, value));
  return { ...state, memory };
}

function withThread(state: State, at: number, thread: Thread): State {
  return { ...state, threads: state.threads.with(at, thread) };
}

function keyOf({ memory, threads }: State): string {
  const parts = threads.map(({ progress, isAsleep, writes }) => {
    const held = writes.map(({ array, index, values }) => `${array}.${index}=${values}`);
    return `${progress.id}${isAsleep ? "z" : ""}${held}`;
  });
  return `${memory.join("|")};${parts.join(";")}`;
}
