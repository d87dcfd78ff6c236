// A bounded pool of connections that are expensive to make, each used by one task at a
// time. The options mean what they do in bb8 (docs.rs/bb8, Builder); no code is shared.
import { coroutine, type Steps, wait } from "./coroutine.ts";
import type { JoinHandle } from "./executor.ts";
import { type Future, PENDING, type Poll, type Waker } from "./future.ts";
import { Line, type Place } from "./line.ts";
import type { Sleep, Timers } from "./timers.ts";

/** How a pool makes, checks and closes its connections. */
export interface Manager<Connection> {
  /** @throws Why there is none; the pool tries again a while later. */
  connect(): Future<Connection>;
  /** Whether an idle connection still works; an error means that it does not. */
  check(connection: Connection): Future<boolean>;
  /** Whether a returned connection is unusable. Called often: it must not block. */
  isBroken(connection: Connection): boolean;
  close(connection: Connection): void;
}

/** All times in milliseconds. */
export interface PoolOptions {
  /** The most connections. */
  readonly max: number;
  /** How many are kept idle in reserve. */
  readonly minIdle: number;
  /** How long a checkout may wait. */
  readonly checkoutTimeout: number;
  /** How long a connection may be idle. */
  readonly idleTimeout: number;
  /** How old a connection may get. */
  readonly lifetime: number;
}

const DEFAULTS: PoolOptions = {
  max: 10,
  minIdle: 0,
  checkoutTimeout: 30_000,
  idleTimeout: 600_000,
  lifetime: 1_800_000,
};
/** The delay before the first retry; it doubles with each further one, up to LAST_DELAY. */
const FIRST_DELAY = 200;
const LAST_DELAY = 10_000;

/** No connection became free in time. */
export class PoolTimeout extends Error {
  override readonly name = "PoolTimeout";
}

/** What a pool needs from a runtime. */
export interface PoolRuntime {
  readonly timers: Timers;
  spawn<Value>(future: Future<Value>): JoinHandle<Value>;
}

/** A connection of the pool, and what the pool knows about it. */
interface Pooled<Connection> {
  readonly connection: Connection;
  readonly born: number;
  idleSince: number;
}

/**
 * ```text
 *                       ┌────────────── checkout ──────────────┐
 *   connect ─► idle ────┤ check: still works?                  ├─► lease ─► release
 *                ▲      └──────────────────────────────────────┘               │
 *                │  no task waits                 else: the first in line gets it
 *                └──────────────────────────────────────────────────────◄──────┘
 *   closed: broken, too old, idle for too long
 * ```
 */
export class Pool<Connection> {
  readonly #runtime: PoolRuntime;
  readonly #manager: Manager<Connection>;
  readonly #options: PoolOptions;
  /** The connection that has been idle longest comes first. */
  #idle: Pooled<Connection>[] = [];
  readonly #waiting = new Line<Checkout<Connection>>();
  readonly #tasks = new Set<JoinHandle<void>>();
  /** How many connections are open, idle or not, and how many are being made. */
  #open = 0;
  #growing = 0;
  #lastError: unknown;
  #isReaping = false;
  #isClosed = false;

  constructor(
    runtime: PoolRuntime,
    manager: Manager<Connection>,
    options: Partial<PoolOptions> = {},
  ) {
    this.#runtime = runtime;
    this.#manager = manager;
    this.#options = { ...DEFAULTS, ...options };
    this.#grow();
  }

  /** How many connections are open, how many of these are idle, and how many tasks wait. */
  get state(): { open: number; idle: number; waiting: number } {
    return { open: this.#open, idle: this.#idle.length, waiting: this.#waiting.size };
  }

  /**
   * Checks out a connection for the caller's exclusive use, until it is released. Waiting
   * tasks are served in order. Nothing happens before the first poll.
   *
   * @throws {PoolTimeout} When none became free in time. Its `cause` says why none could be
   *   made, if that was the reason.
   */
  checkout(): Future<Lease<Connection>> {
    return new Checkout(this);
  }

  /** Closes the idle connections, and each of the others when it is released. */
  close(): void {
    this.#isClosed = true;
    for (const task of this.#tasks) task.cancel();
    for (const pooled of this.#idle) this.#discard(pooled);
    this.#idle = [];
    for (const checkout of this.#waiting.drain()) checkout.poolClosed();
  }

  /** For checkouts: an idle connection; undefined if none is idle or other tasks wait. */
  take(): Pooled<Connection> | undefined {
    if (this.#isClosed) throw new PoolTimeout("Cannot check out: the pool is closed");
    return this.#waiting.size === 0 ? this.#idle.shift() : undefined;
  }

  /** For checkouts: joins the end of the line. */
  enqueue(checkout: Checkout<Connection>): Place<Checkout<Connection>> {
    const place = this.#waiting.add(checkout);
    this.#grow();
    return place;
  }

  /** For checkouts: leaves the line. */
  leave(place: Place<Checkout<Connection>>): void {
    this.#waiting.delete(place);
  }

  check(pooled: Pooled<Connection>): Future<boolean> {
    return this.#manager.check(pooled.connection);
  }

  sleepForCheckout(): Sleep {
    return this.#runtime.timers.sleep(this.#options.checkoutTimeout);
  }

  timeout(): PoolTimeout {
    const { checkoutTimeout } = this.#options;
    const text = `Cannot check out: no connection was free for ${checkoutTimeout} ms`;
    return new PoolTimeout(text, { cause: this.#lastError });
  }

  /** For leases: takes a connection back. */
  release(pooled: Pooled<Connection>): void {
    if (this.#isClosed || this.#manager.isBroken(pooled.connection)) this.discard(pooled);
    else this.#offer(pooled);
  }

  /** For checkouts and leases: closes a connection that is unusable. */
  discard(pooled: Pooled<Connection>): void {
    this.#discard(pooled);
    this.#grow();
  }

  #discard(pooled: Pooled<Connection>): void {
    this.#open -= 1;
    this.#manager.close(pooled.connection);
  }

  /** Gives it to the first task in line; if there is none, it becomes idle. */
  #offer(pooled: Pooled<Connection>): void {
    const { now } = this.#runtime.timers;
    if (now - pooled.born >= this.#options.lifetime) {
      this.discard(pooled);
      return;
    }
    const { first } = this.#waiting;
    if (first) {
      this.#waiting.delete(first);
      first.value.give(pooled);
      return;
    }
    pooled.idleSince = now;
    this.#idle.push(pooled);
    this.#reap();
  }

  /** Makes as many connections as are needed and allowed. */
  #grow(): void {
    const { max, minIdle } = this.#options;
    const wanted = () => this.#waiting.size + Math.max(0, minIdle - this.#idle.length);
    while (
      !this.#isClosed &&
      this.#growing < wanted() &&
      this.#open + this.#growing < max
    ) {
      this.#growing += 1;
      this.#spawn(this.#connect());
    }
  }

  *#connect(): Steps<void> {
    let made: Pooled<Connection> | undefined;
    try {
      for (let delay = FIRST_DELAY; made === undefined; ) {
        try {
          const connection = yield* wait(this.#manager.connect());
          const { now } = this.#runtime.timers;
          made = { connection, born: now, idleSince: now };
        } catch (error) {
          this.#lastError = error;
          if (this.#waiting.size === 0 && this.#options.minIdle === 0) return;
          yield* wait(this.#runtime.timers.sleep(delay));
          delay = Math.min(2 * delay, LAST_DELAY);
        }
      }
    } finally {
      this.#growing -= 1;
    }
    this.#open += 1;
    this.#lastError = undefined;
    this.#offer(made);
  }

  /** Closes idle connections as they expire, until none is idle. */
  #reap(): void {
    if (this.#isReaping) return;
    this.#isReaping = true;
    this.#spawn(this.#reaper());
  }

  *#reaper(): Steps<void> {
    const { timers } = this.#runtime;
    try {
      while (this.#idle.length > 0) {
        const next = Math.min(...this.#idle.map((one) => this.#endOf(one)));
        yield* wait(timers.sleep(Math.max(0, next - timers.now)));
        const isOver = (one: Pooled<Connection>) => this.#endOf(one) <= timers.now;
        const over = this.#idle.filter(isOver);
        this.#idle = this.#idle.filter((one) => !isOver(one));
        for (const pooled of over) this.#discard(pooled);
        this.#grow();
      }
    } finally {
      this.#isReaping = false;
    }
  }

  #endOf({ born, idleSince }: Pooled<Connection>): number {
    const { idleTimeout, lifetime } = this.#options;
    return Math.min(idleSince + idleTimeout, born + lifetime);
  }

  #spawn(steps: Steps<void>): void {
    for (const task of this.#tasks) if (task.isFinished) this.#tasks.delete(task);
    this.#tasks.add(this.#runtime.spawn(coroutine(steps)));
  }
}

/** A checkout in progress, with a place in the line until there is a connection. */
class Checkout<Connection> implements Future<Lease<Connection>> {
  readonly #pool: Pool<Connection>;
  #is: "new" | "waiting" | "checking" | "over" = "new";
  #place: Place<Checkout<Connection>> | undefined;
  #given: Pooled<Connection> | undefined;
  #check: Future<boolean> | undefined;
  #sleep: Sleep | undefined;
  #waker: Waker | undefined;

  constructor(pool: Pool<Connection>) {
    this.#pool = pool;
  }

  poll(waker: Waker): Poll<Lease<Connection>> {
    this.#waker = waker;
    for (;;) {
      if (this.#is === "over") throw new Error("Cannot poll a checkout that is over");
      if (this.#is === "new") this.#given ??= this.#pool.take();
      if (this.#given && this.#is !== "checking") {
        this.#check = this.#pool.check(this.#given);
        this.#is = "checking";
      }
      if (this.#given && this.#check) {
        const works = pollCheck(this.#check, waker);
        if (works === true) return this.#lease(this.#given);
        if (works === PENDING) return this.#wait(waker);
        const broken = this.#given;
        this.#given = undefined;
        this.#check = undefined;
        this.#is = "new";
        this.#pool.discard(broken);
        continue;
      }
      if (this.#is === "new") this.#place = this.#pool.enqueue(this);
      this.#is = "waiting";
      return this.#wait(waker);
    }
  }

  /** Leaves the line. A connection that it was given goes to the next in line. */
  drop(): void {
    const { given, checking } = { given: this.#given, checking: this.#check };
    this.#end();
    checking?.drop();
    // In the middle of a check, the state of the connection is unknown.
    if (given && checking) this.#pool.discard(given);
    else if (given) this.#pool.release(given);
  }

  /** For the pool: hands over a connection. */
  give(pooled: Pooled<Connection>): void {
    this.#given = pooled;
    this.#waker?.wake();
  }

  /** For the pool: it is closed, and has taken this checkout out of the line. */
  poolClosed(): void {
    this.#is = "new";
    this.#waker?.wake();
  }

  #wait(waker: Waker): typeof PENDING {
    this.#sleep ??= this.#pool.sleepForCheckout();
    if (this.#sleep.poll(waker) === PENDING) return PENDING;
    this.drop();
    throw this.#pool.timeout();
  }

  #lease(pooled: Pooled<Connection>): Lease<Connection> {
    this.#end();
    return new Lease(pooled, this.#pool);
  }

  #end(): void {
    if (this.#place) this.#pool.leave(this.#place);
    this.#sleep?.drop();
    this.#is = "over";
    this.#given = undefined;
    this.#check = undefined;
  }
}

function pollCheck(check: Future<boolean>, waker: Waker): Poll<boolean> {
  try {
    return check.poll(waker);
  } catch {
    return false;
  }
}

/** A connection that is in use. */
export class Lease<Connection> {
  readonly #pool: Pool<Connection>;
  #pooled: Pooled<Connection> | undefined;

  /** Made by `Pool.checkout`. */
  constructor(pooled: Pooled<Connection>, pool: Pool<Connection>) {
    this.#pooled = pooled;
    this.#pool = pool;
  }

  /** @throws {Error} After the release. */
  get connection(): Connection {
    if (this.#pooled) return this.#pooled.connection;
    throw new Error("Cannot use a connection that was released");
  }

  /** Returns the connection to the pool. Idempotent. */
  release(): void {
    const pooled = this.#pooled;
    this.#pooled = undefined;
    if (pooled) this.#pool.release(pooled);
  }

  /** Closes the connection instead, because its state is unknown. */
  discard(): void {
    const pooled = this.#pooled;
    this.#pooled = undefined;
    if (pooled) this.#pool.discard(pooled);
  }
}
