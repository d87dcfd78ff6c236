// The executor: tasks that can go on stand in a queue, and each turn polls those in it once.
// Facts from tokio (its queue, its budget) and smol's async-executor; no code.
import { type Future, PENDING, type Poll, type Waker } from "./future.ts";

/** How many things a task may do in a turn: a call on a socket, or one KiB of it. */
const BUDGET = 128;

/** The error of a `join` whose task was cancelled. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";

  constructor() {
    super("Cannot go on: the task was cancelled");
  }
}

/**
 * Who can go on.
 *
 * ```text
 *              ┌───────── wake() ──────────┐
 *              ▼                           │
 *   queue  [ t3  t7  t1 ] ─ run() ─► poll ─┴─► PENDING: a waker is somewhere
 *                                        └───► a value: its `join` gets it
 * ```
 *
 * It does not wait: somebody else does, and calls `run` when something was woken.
 */
export class Executor {
  #queue: Task[] = [];
  /** The other half of a pair: a turn empties one while wakes fill the other. */
  #spare: Task[] = [];
  #size = 0;
  readonly #awake: () => void;
  readonly #failed: (error: unknown) => void;

  /**
   * @param awake Called when the queue is no longer empty.
   * @param failed Gets what a task threw that nobody joins.
   */
  constructor(awake: () => void, failed: (error: unknown) => void) {
    this.#awake = awake;
    this.#failed = failed;
  }

  /** How many tasks have not ended. */
  get size(): number {
    return this.#size;
  }

  /** Whether nobody can go on. */
  get isIdle(): boolean {
    return this.#queue.length === 0;
  }

  /** A task of its own: it is polled in the next turn, and whenever it is woken. */
  spawn<Value>(future: Future<Value>): JoinHandle<Value> {
    const handle = new JoinHandle(future, this);
    handle.wake();
    return handle;
  }

  /** Polls each task of the queue once. Those that are woken meanwhile come next time. */
  run(): void {
    const tasks = this.#queue;
    this.#queue = this.#spare;
    for (const task of tasks) task.run();
    tasks.length = 0;
    this.#spare = tasks;
  }

  /** For tasks: at the end of the queue. */
  enqueue(task: Task): void {
    this.#queue.push(task);
    if (this.#queue.length === 1) this.#awake();
  }

  /** For tasks: one more. */
  begun(): void {
    this.#size += 1;
  }

  /** For tasks: one less; with its error, when nobody else takes it. */
  ended(error?: { readonly error: unknown }): void {
    this.#size -= 1;
    if (error && !(error.error instanceof Cancelled)) this.#failed(error.error);
  }
}

/** Something that an executor runs, and the waker of it: to wake it is to queue it. */
export abstract class Task implements Waker {
  protected readonly executor: Executor;
  #isQueued = false;
  #left = BUDGET;

  constructor(executor: Executor) {
    this.executor = executor;
    executor.begun();
  }

  wake(): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    this.executor.enqueue(this);
  }

  mayGoOn(): boolean {
    this.#left -= 1;
    if (this.#left >= 0) return true;
    this.wake();
    return false;
  }

  spend(units: number): void {
    this.#left -= units;
  }

  /** For the executor: it is this one's turn. */
  run(): void {
    this.#isQueued = false;
    this.#left = BUDGET;
    this.step();
  }

  /** Goes on. It may have ended since it was woken. */
  protected abstract step(): void;
}

type Outcome<Value> =
  | { readonly is: "running"; readonly future: Future<Value> }
  | { readonly is: "done"; readonly value: Value }
  | { readonly is: "failed"; readonly error: unknown };

/**
 * A task, for the one who spawned it: a future of its value. To drop it lets the task run on
 * by itself; `cancel` ends it.
 */
export class JoinHandle<Value> extends Task implements Future<Value> {
  #outcome: Outcome<Value>;
  #joiner: Waker | undefined;

  /** Made by `Executor.spawn`. */
  constructor(future: Future<Value>, executor: Executor) {
    super(executor);
    this.#outcome = { is: "running", future };
  }

  get isFinished(): boolean {
    return this.#outcome.is !== "running";
  }

  /** @throws What the task threw; {@link Cancelled}. */
  poll(waker: Waker): Poll<Value> {
    if (this.#outcome.is === "done") return this.#outcome.value;
    if (this.#outcome.is === "failed") throw this.#outcome.error;
    this.#joiner = waker;
    return PENDING;
  }

  drop(): void {
    this.#joiner = undefined;
  }

  /** Drops the task's future where it stands: what it waits with is given back. */
  cancel(): void {
    if (this.#outcome.is !== "running") return;
    const error = this.#drop() ?? new Cancelled();
    this.#settle({ is: "failed", error });
  }

  protected step(): void {
    if (this.#outcome.is !== "running") return;
    try {
      const value = this.#outcome.future.poll(this);
      // It may have cancelled itself.
      if (value === PENDING || this.isFinished) return;
      this.#settle({ is: "done", value });
    } catch (error) {
      // As the stack that an exception unwinds: what the future holds is given back.
      this.#drop();
      this.#settle({ is: "failed", error });
    }
  }

  /** @returns What is thrown meanwhile. */
  #drop(): unknown {
    try {
      if (this.#outcome.is === "running") this.#outcome.future.drop();
      return undefined;
    } catch (error) {
      return error;
    }
  }

  #settle(outcome: Outcome<Value>): void {
    this.#outcome = outcome;
    const isLost = outcome.is === "failed" && this.#joiner === undefined;
    this.executor.ended(isLost ? outcome : undefined);
    this.#joiner?.wake();
  }
}
