// Timers as futures: sleeps, and limits to how long another future may take.
import { Deadlines, type Due, UNDUE } from "../deadlines.ts";
import { type Future, PENDING, type Poll, type Waker } from "./future.ts";

/** Returned by `timeout` when the time is up. */
export const LATE: unique symbol = Symbol("late");

/** All sleeps of a loop, ordered by deadline. */
export class Timers {
  readonly #deadlines = new Deadlines<Sleep>();
  readonly #clock: () => number;
  readonly #onEarlier: () => void;
  /** When this turn began; undefined outside of a turn. */
  #turn: number | undefined;
  /** How many sleeps are running. */
  size = 0;

  /**
   * @param clock Milliseconds; never goes back.
   * @param onEarlier Called when a new deadline is the earliest: a wait may now be too long.
   */
  constructor(clock: () => number, onEarlier: () => void) {
    this.#clock = clock;
    this.#onEarlier = onEarlier;
  }

  /**
   * The time. In a turn, that of its beginning: the clock is read once per turn, not once
   * per timer. Outside of a turn, for example after a promise, the clock is read each time.
   */
  get now(): number {
    return this.#turn ?? this.#clock();
  }

  /** When the next sleep may end; Infinity when none is running. */
  get next(): number {
    return this.#deadlines.next;
  }

  /** Makes a sleep that is not running, to be `reset` repeatedly. */
  idle(): Sleep {
    return new Sleep(this);
  }

  /** Makes a sleep that ends `ms` milliseconds after its first poll. */
  sleep(ms: number): Sleep {
    return new Sleep(this, ms);
  }

  /**
   * Limits a future to `ms` milliseconds from the first poll. When late, drops it and returns
   * {@link LATE}.
   */
  timeout<Value>(future: Future<Value>, ms: number): Future<Value | typeof LATE> {
    return new Timeout(future, this.sleep(ms));
  }

  /** For `Runtime`: a turn begins. */
  beginTurn(): void {
    this.#turn = this.#clock();
  }

  /** For `Runtime`: the turn is over. */
  endTurn(): void {
    this.#turn = undefined;
  }

  /** Ends the sleeps that are due, which wakes their tasks. */
  fire(): void {
    const { now } = this;
    for (;;) {
      const sleep = this.#deadlines.take(now);
      if (sleep === undefined) return;
      sleep.end();
    }
  }

  /** For sleeps. */
  arm(sleep: Sleep, due: number): void {
    const { next } = this.#deadlines;
    this.#deadlines.set(sleep, due);
    if (this.#deadlines.next < next) this.#onEarlier();
  }

  /** For sleeps. */
  disarm(sleep: Sleep): void {
    this.#deadlines.remove(sleep);
  }
}

/** Pending until its deadline. Nothing happens before its first poll or `reset`. */
export class Sleep implements Future<void>, Due {
  due = UNDUE.due;
  queued = UNDUE.queued;
  place = UNDUE.place;
  readonly #timers: Timers;
  /** How long it lasts, until the first poll starts it. */
  #ms: number | undefined;
  #is: "off" | "on" | "over" = "off";
  #waker: Waker | undefined;

  /** Made by `Timers`. */
  constructor(timers: Timers, ms?: number) {
    this.#timers = timers;
    this.#ms = ms;
  }

  /** Restarts it, to end `ms` milliseconds from now. A task that waits keeps waiting. */
  reset(ms: number): void {
    this.#ms = undefined;
    if (this.#is !== "on") this.#timers.size += 1;
    this.#is = "on";
    // Moving a deadline later only writes a number: see `Deadlines`.
    this.#timers.arm(this, this.#timers.now + ms);
  }

  poll(waker: Waker): Poll<void> {
    if (this.#is === "over") return undefined;
    if (this.#ms !== undefined) this.reset(this.#ms);
    this.#waker = waker;
    return PENDING;
  }

  drop(): void {
    if (this.#is === "on") this.#timers.size -= 1;
    this.#is = "off";
    this.#waker = undefined;
    this.#timers.disarm(this);
  }

  /** For `Timers`: the deadline has passed. */
  end(): void {
    this.#timers.size -= 1;
    this.#is = "over";
    this.#waker?.wake();
  }
}

/** A future with a timeout. */
class Timeout<Value> implements Future<Value | typeof LATE> {
  readonly #future: Future<Value>;
  readonly #sleep: Sleep;

  constructor(future: Future<Value>, sleep: Sleep) {
    this.#future = future;
    this.#sleep = sleep;
  }

  /** Polls the future first: a value that is ready counts, however late we look. */
  poll(waker: Waker): Poll<Value | typeof LATE> {
    let value: Poll<Value>;
    try {
      value = this.#future.poll(waker);
    } catch (error) {
      this.#sleep.drop();
      throw error;
    }
    if (value !== PENDING) {
      this.#sleep.drop();
      return value;
    }
    if (this.#sleep.poll(waker) === PENDING) return PENDING;
    this.#future.drop();
    return LATE;
  }

  drop(): void {
    this.#future.drop();
    this.#sleep.drop();
  }
}
