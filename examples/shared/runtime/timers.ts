// Time as futures: a sleep, and a limit to how long another future may take.
import { Deadlines, type Due, UNDUE } from "../deadlines.ts";
import { type Future, PENDING, type Poll, type Waker } from "./future.ts";

/** What `within` returns when the time is up. */
export const LATE: unique symbol = Symbol("late");

/** All sleeps of a loop, by when they end. */
export class Timers {
  readonly #deadlines = new Deadlines<Sleep>();
  readonly #clock: () => number;
  readonly #sooner: () => void;
  #now: number;
  /** How many sleeps have a deadline. */
  size = 0;

  /**
   * @param clock Milliseconds; never goes back.
   * @param sooner Called when a sleep will end before all others: a wait may be too long now.
   */
  constructor(clock: () => number, sooner: () => void) {
    this.#clock = clock;
    this.#sooner = sooner;
    this.#now = clock();
  }

  /** The time of this turn. The clock is read once a turn, not once a timer. */
  get now(): number {
    return this.#now;
  }

  /** When the next sleep may end; Infinity when none does. */
  get next(): number {
    return this.#deadlines.next;
  }

  /** A sleep that has not begun, to be `reset` again and again. */
  idle(): Sleep {
    return new Sleep(this);
  }

  /** A sleep that ends in so many milliseconds, counted from now. */
  sleep(ms: number): Sleep {
    const sleep = new Sleep(this);
    sleep.reset(ms);
    return sleep;
  }

  /** The value of a future, if it has one in time; otherwise {@link LATE}, and it is dropped. */
  timeout<Value>(future: Future<Value>, ms: number): Future<Value | typeof LATE> {
    return new Timeout(future, this.sleep(ms));
  }

  /** Reads the clock. */
  refresh(): void {
    this.#now = this.#clock();
  }

  /** Wakes those whose time has come. */
  fire(): void {
    for (;;) {
      const sleep = this.#deadlines.take(this.#now);
      if (sleep === undefined) return;
      sleep.end();
    }
  }

  /** For sleeps. */
  arm(sleep: Sleep, due: number): void {
    const { next } = this.#deadlines;
    this.#deadlines.set(sleep, due);
    if (this.#deadlines.next < next) this.#sooner();
  }

  /** For sleeps. */
  disarm(sleep: Sleep): void {
    this.#deadlines.remove(sleep);
  }
}

/** Pending until its time has come. */
export class Sleep implements Future<void>, Due {
  due = UNDUE.due;
  queued = UNDUE.queued;
  place = UNDUE.place;
  readonly #timers: Timers;
  #is: "off" | "on" | "over" = "off";
  #waker: Waker | undefined;

  /** Made by `Timers`. */
  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Begins again: it ends in so many milliseconds, counted from now. A task that waits, waits on. */
  reset(ms: number): void {
    if (this.#is !== "on") this.#timers.size += 1;
    this.#is = "on";
    // To move it away costs no more than a number: see `Deadlines`.
    this.#timers.arm(this, this.#timers.now + ms);
  }

  poll(waker: Waker): Poll<void> {
    if (this.#is === "over") return undefined;
    this.#waker = waker;
    return PENDING;
  }

  drop(): void {
    if (this.#is === "on") this.#timers.size -= 1;
    this.#is = "off";
    this.#waker = undefined;
    this.#timers.disarm(this);
  }

  /** For `Timers`: its time has come. */
  end(): void {
    this.#timers.size -= 1;
    this.#is = "over";
    this.#waker?.wake();
  }
}

/** A future with a limit. */
class Timeout<Value> implements Future<Value | typeof LATE> {
  readonly #future: Future<Value>;
  readonly #sleep: Sleep;

  constructor(future: Future<Value>, sleep: Sleep) {
    this.#future = future;
    this.#sleep = sleep;
  }

  /** The future comes first: what is there in time counts, however late we look. */
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
