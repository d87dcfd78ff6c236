// The executor: a queue of the tasks that are ready to run, each polled once per turn.
// Modelled on tokio (its queue, its budget) and smol's async-executor; no code is shared.
import { type Future, PENDING, type Poll, type Waker } from "./future.ts";

/** A task's budget per turn: one unit for each call, and one for each KiB received. */
const BUDGET = 128;

/** Thrown where a cancelled task is joined, or where it waits. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";

  constructor() {
    super("Cannot go on: the task was cancelled");
  }
}

/**
 * The tasks that are ready to run.
 *
 * ```text
 *              ┌───────── wake() ──────────┐
 *              ▼                           │
 *   queue  [ t3  t7  t1 ] ─ run() ─► poll ─┴─► PENDING: its waker is stored somewhere
 *                                        └───► a value: passed to its `JoinHandle`
 * ```
 *
 * It does not block: the loop that owns it waits for events, and calls `run` after a wake.
 */
export class Executor {
  #queue: Task[] = [];
  /** The second of two buffers: a turn empties one while wakes fill the other. */
  #spare: Task[] = [];
  #size = 0;
  readonly #onReady: () => void;
  readonly #onError: (error: unknown) => void;

  /**
   * @param onReady Called when the queue is no longer empty.
   * @param onError Called with the error of a task that nobody joins.
   */
  constructor(onReady: () => void, onError: (error: unknown) => void) {
    this.#onReady = onReady;
    this.#onError = onError;
  }

  /** How many tasks have not ended. */
  get size(): number {
    return this.#size;
  }

  /** Whether no task is ready to run. */
  get isIdle(): boolean {
    return this.#queue.length === 0;
  }

  /** Starts a task. It is polled in the next turn, and then whenever it is woken. */
  spawn<Value>(future: Future<Value>): JoinHandle<Value> {
    const handle = new JoinHandle(future, this);
    handle.wake();
    return handle;
  }

  /** Polls each queued task once. Tasks that are woken during the turn run in the next. */
  run(): void {
    const tasks = this.#queue;
    this.#queue = this.#spare;
    for (const task of tasks) task.run();
    tasks.length = 0;
    this.#spare = tasks;
  }

  /** For tasks: adds one to the end of the queue. */
  enqueue(task: Task): void {
    this.#queue.push(task);
    if (this.#queue.length === 1) this.#onReady();
  }

  /** For tasks: counts one that has started. */
  taskStarted(): void {
    this.#size += 1;
  }

  /** For tasks: counts one that has ended, with its error if nobody joins it. */
  taskEnded(error?: { readonly error: unknown }): void {
    this.#size -= 1;
    if (error && !(error.error instanceof Cancelled)) this.#onError(error.error);
  }
}

/** Something that an executor runs, and also its own waker: waking it queues it. */
export abstract class Task implements Waker {
  protected readonly executor: Executor;
  #isQueued = false;
  #left = BUDGET;

  constructor(executor: Executor) {
    this.executor = executor;
    executor.taskStarted();
  }

  wake(): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    this.executor.enqueue(this);
  }

  consumeBudget(): boolean {
    this.#left -= 1;
    if (this.#left >= 0) return true;
    this.wake();
    return false;
  }

  spend(units: number): void {
    this.#left -= units;
  }

  /** For the executor: gives the task its turn. */
  run(): void {
    this.#isQueued = false;
    this.#left = BUDGET;
    this.step();
  }

  /** Runs until it has to wait. It may have ended since it was woken. */
  protected abstract step(): void;
}

type Outcome<Value> =
  | { readonly is: "running"; readonly future: Future<Value> }
  | { readonly is: "done"; readonly value: Value }
  | { readonly is: "failed"; readonly error: unknown };

/**
 * A task as seen by its spawner: a future of its value. Dropping it detaches the task,
 * which keeps running; `cancel` ends the task.
 */
export class JoinHandle<Value> extends Task implements Future<Value> {
  #outcome: Outcome<Value>;
  #joiner: Waker | undefined;
  /** Its future is being polled or dropped, and must not be dropped now. */
  #isBusy = false;
  #isCancelled = false;

  /** Made by `Executor.spawn`. */
  constructor(future: Future<Value>, executor: Executor) {
    super(executor);
    this.#outcome = { is: "running", future };
  }

  get isFinished(): boolean {
    return this.#outcome.is !== "running";
  }

  /** @throws What the task threw, or {@link Cancelled}. */
  poll(waker: Waker): Poll<Value> {
    if (this.#outcome.is === "done") return this.#outcome.value;
    if (this.#outcome.is === "failed") throw this.#outcome.error;
    this.#joiner = waker;
    return PENDING;
  }

  drop(): void {
    this.#joiner = undefined;
  }

  /**
   * Ends the task: drops its future, which releases what it waits with. A task that cancels
   * itself goes on to where it next waits, and ends there.
   */
  cancel(): void {
    this.#isCancelled = true;
    if (!this.#isBusy) this.#fail(new Cancelled());
  }

  protected step(): void {
    if (this.#outcome.is !== "running") return;
    this.#isBusy = true;
    let value: Poll<Value>;
    try {
      value = this.#outcome.future.poll(this);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#isBusy = false;
    if (value !== PENDING) this.#settle({ is: "done", value });
    else if (this.#isCancelled) this.cancel();
  }

  /** Like the unwinding of a stack: releases what the future holds. */
  #fail(error: unknown): void {
    if (this.#outcome.is !== "running") return;
    this.#isBusy = true;
    let outcome = { is: "failed" as const, error };
    try {
      this.#outcome.future.drop();
    } catch (failure) {
      if (error instanceof Cancelled) outcome = { is: "failed", error: failure };
    }
    this.#settle(outcome);
  }

  #settle(outcome: Outcome<Value>): void {
    this.#outcome = outcome;
    const isLost = outcome.is === "failed" && this.#joiner === undefined;
    this.executor.taskEnded(isLost ? outcome : undefined);
    this.#joiner?.wake();
  }
}
