// Timers on the virtual clock: `node:timers` for programs and for Node's library.
import type { Handle } from "../kernel/process.ts";
import type { Job } from "../kernel/schedule.ts";
import { current, type Running } from "./running.ts";

type Callback = (...values: unknown[]) => void;
/** The longest delay that Node supports: 2^31 - 1 milliseconds. */
const LONGEST = 2 ** 31 - 1;

class Timeout implements Handle {
  readonly #running: Running = current();
  readonly #callback: () => void;
  readonly #ms: number;
  readonly #repeats: boolean;
  #job: Job | undefined;
  #isReferenced = true;

  constructor(callback: () => void, ms: number, repeats: boolean) {
    // As in Node, an invalid delay becomes one millisecond.
    this.#ms = ms >= 1 && ms <= LONGEST ? Math.trunc(ms) : 1;
    this.#callback = callback;
    this.#repeats = repeats;
    this.#start();
  }

  get isActive(): boolean {
    return this.#job !== undefined && this.#isReferenced;
  }

  ref(): this {
    this.#isReferenced = true;
    return this;
  }

  unref(): this {
    this.#isReferenced = false;
    return this;
  }

  hasRef(): boolean {
    return this.#isReferenced;
  }

  refresh(): this {
    if (this.#job) this.#job.run = undefined;
    this.#start();
    return this;
  }

  close(): this {
    if (this.#job) this.#job.run = undefined;
    this.#job = undefined;
    this.#running.process.handles.delete(this);
    return this;
  }

  #start(): void {
    const { schedule, process } = this.#running;
    process.handles.add(this);
    // The same tie for all, so timers due at the same time fire in the order they were set.
    this.#job = schedule.add(schedule.now + this.#ms, 0.5, process, () => {
      if (this.#repeats) this.#start();
      else this.close();
      this.#callback();
    });
  }
}

class Immediate {
  #callback: (() => void) | undefined;

  constructor(callback: () => void) {
    this.#callback = callback;
    current().process.later(() => this.#callback?.());
  }

  cancel(): void {
    this.#callback = undefined;
  }
}

export const timers = {
  setTimeout: (callback: Callback, ms = 1, ...values: unknown[]) =>
    new Timeout(() => callback(...values), ms, false),
  setInterval: (callback: Callback, ms = 1, ...values: unknown[]) =>
    new Timeout(() => callback(...values), ms, true),
  setImmediate: (callback: Callback, ...values: unknown[]) =>
    new Immediate(() => callback(...values)),
  clearTimeout: (timer: unknown) => timer instanceof Timeout && timer.close(),
  clearInterval: (timer: unknown) => timer instanceof Timeout && timer.close(),
  clearImmediate: (one: unknown) => one instanceof Immediate && one.cancel(),
};

/** The part of `node:timers/promises` that the steps use. */
export const timersPromises = {
  setTimeout: (ms: number, value?: unknown) =>
    new Promise((resolve) => timers.setTimeout(resolve, ms, value)),
  setImmediate: (value?: unknown) =>
    new Promise((resolve) => timers.setImmediate(resolve, value)),
};

/** The part of `internal/timers` that net and streams use. */
export const internalTimers = {
  kTimeout: Symbol("timeout"),
  setUnrefTimeout: (callback: () => void, ms: number) =>
    new Timeout(callback, ms, false).unref(),
  getTimerDuration: (ms: number) => ms,
};
