// Runs code that shares memory one step at a time, and from any step on, as often as we like.
//
// A thread is a plain function. Its first steps are replayed from what they gave the first
// time; at the next step an exception stops it. So nothing has to be written for it: what runs
// is the code itself.

/** One use of shared memory. */
export interface Step {
  readonly operation: Operation;
  /** Which array: its place in `Stepwise.memory`. */
  readonly array: number;
  readonly index: number;
  readonly values: readonly number[];
}

const OPERATIONS = [
  ...([
    "load",
    "store",
    "exchange",
    "compareExchange",
    "add",
    "sub",
    "and",
    "or",
  ] as const),
  ...(["wait", "notify"] as const),
];

/** Those of `Atomics`, and a plain read or write of an array. */
type Operation = (typeof OPERATIONS)[number] | "read" | "write";

/** What a thread makes of the memory before any has begun, and what it then does. */
export type ThreadBody<Memory> = (memory: Memory) => () => unknown;

/** How far a thread has come. What it has read so far decides all that it will do. */
export interface Progress {
  readonly id: number;
  /** What it will do next; undefined when it has ended. */
  readonly next: Step | undefined;
  /** What it has returned. */
  readonly result: unknown;
  /** How far it is when its next step has given this. */
  after(value: number): Progress;
}

const PAUSED = Symbol("paused");

/** Some threads over the same memory. Use it inside of `run`. */
export class Stepwise<Memory> {
  /** What is in each array at the beginning, and its name. */
  readonly memory: number[][] = [];
  readonly places: string[] = [];
  readonly #shared: Memory;
  readonly #arrays = new WeakMap<object, number>();
  /** An array that is in the memory twice is one. */
  readonly #watched = new Map<Int32Array, Int32Array>();
  #nextId = 0;
  /** Of the thread that runs now: what its steps gave, and how many were replayed. */
  #log: readonly number[] = [];
  #at = 0;
  #isPreparing = false;
  #stopped: Step | undefined;

  /** @param memory Plain data with `Int32Array`s in it. */
  constructor(memory: Memory) {
    this.#shared = this.#share(memory, "") as Memory;
  }

  /** Calls `work` while each use of `Atomics` is a step. */
  run<Result>(work: () => Result): Result {
    const real = globalThis.Atomics;
    const steps = OPERATIONS.map((operation) => {
      const use = (array: object, index: number, ...values: number[]) =>
        this.#step(operation, this.#arrays.get(array) ?? -1, index, values);
      return [operation, use];
    });
    globalThis.Atomics = Object.fromEntries(steps);
    try {
      return work();
    } finally {
      globalThis.Atomics = real;
    }
  }

  /** @param log What the steps of the thread gave so far. */
  start(body: ThreadBody<Memory>, log: readonly number[] = []): Progress {
    const reached = this.#replay(body, log);
    const known = new Map<number, Progress>();
    const after = (value: number) => {
      const progress = known.get(value) ?? this.start(body, [...log, value]);
      known.set(value, progress);
      return progress;
    };
    this.#nextId += 1;
    return { id: this.#nextId, ...reached, after };
  }

  #replay(body: ThreadBody<Memory>, log: readonly number[]) {
    [this.#log, this.#at, this.#stopped, this.#isPreparing] = [log, 0, undefined, true];
    const run = body(this.#shared);
    this.#isPreparing = false;
    try {
      return { next: undefined, result: run() };
    } catch (error) {
      if (error !== PAUSED) throw error;
      return { next: this.#stopped, result: undefined };
    }
  }

  #step(operation: Operation, array: number, index: number, values: number[]): number {
    if (this.#isPreparing) return this.memory[array]?.[index] ?? 0;
    const known = this.#log[this.#at];
    this.#at += 1;
    if (known !== undefined) return known;
    this.#stopped = { operation, array, index, values };
    throw PAUSED;
  }

  /** The same data, with arrays of which each use is a step. */
  #share(value: unknown, path: string): unknown {
    if (value instanceof Int32Array)
      return this.#watched.get(value) ?? this.#watch(value, path);
    if (typeof value !== "object" || value === null) return value;
    const parts = Object.entries(value).map(([key, part]) => {
      return [key, this.#share(part, path === "" ? key : `${path}.${key}`)];
    });
    return Object.fromEntries(parts);
  }

  #watch(words: Int32Array, path: string): Int32Array {
    const array = this.memory.push([...words]) - 1;
    this.places.push(path);
    const watched = new Proxy(words, {
      get: (_, key) =>
        key === "length" ? words.length : this.#step("read", array, Number(key), []),
      set: (_, key, to) => {
        this.#step("write", array, Number(key), [to]);
        return true;
      },
    });
    this.#arrays.set(watched, array);
    this.#watched.set(words, watched);
    return watched;
  }
}
