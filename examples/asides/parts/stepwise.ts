// Runs code that shares memory one step at a time, and from any step on, repeatedly.
//
// A thread is a plain function. Its first steps are replayed with the values that they
// returned the first time; at the next step an exception stops it. So the code runs as it
// is, without any change.

/** One use of shared memory. */
export interface Step {
  readonly operation: Operation;
  /** The array's index in `Stepwise.memory`. */
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

/** The operations of `Atomics`, and a plain read or write of an array. */
type Operation = (typeof OPERATIONS)[number] | "read" | "write";

/** Prepares a thread on the memory before any has started, and returns its function. */
export type ThreadBody<Memory> = (memory: Memory) => () => unknown;

/** How far a thread has come. The values read so far determine what it does next. */
export interface Progress {
  readonly id: number;
  /** Its next step; undefined when it has ended. */
  readonly next: Step | undefined;
  /** What the thread has returned. */
  readonly result: unknown;
  /** Its progress after its next step has returned `value`. */
  after(value: number): Progress;
}

const PAUSED = Symbol("paused");

/** Some threads over the same memory. Use it inside of `run`. */
export class Stepwise<Memory> {
  /** The initial contents of each array; `places` has its name. */
  readonly memory: number[][] = [];
  readonly places: string[] = [];
  readonly #shared: Memory;
  readonly #arrays = new WeakMap<object, number>();
  /** The proxy of each array, so that an array that occurs twice stays one. */
  readonly #watched = new Map<Int32Array, Int32Array>();
  #nextId = 0;
  /** For the running thread: what its steps returned, and how many have been replayed. */
  #log: readonly number[] = [];
  #at = 0;
  #isPreparing = false;
  #stopped: Step | undefined;

  /** @param memory Plain data that contains `Int32Array`s. */
  constructor(memory: Memory) {
    this.#shared = this.#share(memory, "") as Memory;
  }

  /** Calls `work` with each use of `Atomics` as a step. */
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

  /** @param log What the thread's steps have returned so far. */
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

  /** Copies the data, with arrays on which each access is a step. */
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
