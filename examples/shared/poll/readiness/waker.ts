// Wakes a poll that sleeps, and costs next to nothing when it does not.

import type { Token } from "../token.ts";
import { type Events, READY } from "./events.ts";
import type { Selector, WakeAddress, WakeHandle } from "./selector.ts";

/**
 * What the poll and all its wakers share. One number says what the poll does:
 *
 * ```text
 *        the poll is about to wait              a wake: calls the kernel
 *   AWAKE ────────────────────────────► ASLEEP ────────────────────────► WOKEN
 *    ▲ ▲ │                                │                              ▲  │
 *    │ │ └────────────────────────────────┼──────────────────────────────┘  │
 *    │ │        a wake: no more than this │                                 │
 *    │ └──────────────────────────────────┘ waited: something else came     │
 *    └──────────────────────────────────────────────────────────────────────┘
 *                                           the poll tells of it
 * ```
 *
 * No wake is lost: each arrow is one indivisible exchange, and all threads see these in one
 * order (ECMAScript, "Memory Model"). So either the poll finds WOKEN and does not wait, or
 * the waker finds ASLEEP and calls the kernel. Such a call costs a fifth of a microsecond
 * and more, an exchange a twentieth of that.
 *
 * The other number counts the wakers that are in the kernel: the descriptor that they write
 * to is closed when there are none, and a closed poll is WOKEN forever.
 */
export type SleepState = Int32Array<SharedArrayBuffer>;
const STATE = 0;
const CALLS = 1;
const AWAKE = 0;
const ASLEEP = 1;
const WOKEN = 2;
/** How often `close` looks, a millisecond apart, whether all wakers have left the kernel. */
const LOOKS = 100;

/** A state that nobody shares yet. */
export function newSleepState(): SleepState {
  return new Int32Array(new SharedArrayBuffer(8));
}

/** Plain data, from which another thread makes a waker: `wakerFrom`. */
export interface SharedWaker {
  readonly address: WakeAddress;
  readonly state: SleepState;
}

/** Ends a wait of its poll, or keeps the next one from beginning. */
export class Waker {
  readonly #handle: WakeHandle;
  readonly #state: SleepState;

  /** Given by `Poll.openWaker`, or in another thread by `wakerFrom`. */
  constructor(handle: WakeHandle, state: SleepState) {
    this.#handle = handle;
    this.#state = state;
  }

  /** For a message to another thread. */
  get shared(): SharedWaker {
    return { address: this.#handle.shared, state: this.#state };
  }

  /**
   * The poll tells of it by one event, however often this was called since the last. What
   * the caller has written before, the poll's thread sees after. Calls the kernel only if
   * the poll waits. Does nothing when the poll is closed.
   *
   * @returns Whether the kernel was called.
   */
  wake(): boolean {
    for (;;) {
      const state = Atomics.load(this.#state, STATE);
      if (state === WOKEN) return false;
      if (state === ASLEEP) {
        if (this.#wakeKernel()) return true;
      } else if (this.#exchange(AWAKE)) return false;
    }
  }

  #wakeKernel(): boolean {
    Atomics.add(this.#state, CALLS, 1);
    try {
      const asleep = this.#exchange(ASLEEP);
      if (asleep) this.#handle.wake();
      return asleep;
    } finally {
      Atomics.sub(this.#state, CALLS, 1);
      Atomics.notify(this.#state, CALLS);
    }
  }

  #exchange(expected: number): boolean {
    return Atomics.compareExchange(this.#state, STATE, expected, WOKEN) === expected;
  }
}

/** The poll's side: for `Poll`. */
export class Sleep {
  readonly #state: SleepState;
  readonly #token: Token;
  /** The last wait had no room to tell of a wake: this one tells of it first. */
  #owed = false;

  constructor(state: SleepState, token: Token) {
    this.#state = state;
    this.#token = token;
  }

  /** Waits by `selector`, with the state set before and asked after. */
  around(
    events: Events,
    timeout: number | null,
    selector: Pick<Selector, "select">,
  ): void {
    if (this.#owed) this.#tell(events);
    if (events.length === events.capacity) return;
    const before = Atomics.compareExchange(this.#state, STATE, AWAKE, ASLEEP);
    selector.select(events, before === WOKEN || events.length > 0 ? 0 : timeout);
    // ASLEEP becomes AWAKE; WOKEN stays until it is reported.
    if (Atomics.compareExchange(this.#state, STATE, ASLEEP, AWAKE) !== WOKEN) return;
    this.#owed = events.length === events.capacity;
    if (!this.#owed) this.#tell(events);
  }

  /** When it returns, no waker calls the kernel any more. */
  close(): void {
    Atomics.store(this.#state, STATE, WOKEN);
    // A thread that was terminated in the kernel never says that it has left.
    for (let look = 0; look < LOOKS; look += 1) {
      const calls = Atomics.load(this.#state, CALLS);
      if (calls === 0) return;
      Atomics.wait(this.#state, CALLS, calls, 1);
    }
  }

  #tell(events: Events): void {
    this.#owed = false;
    // Before the event is handled: a wake that comes from now on is a new one.
    Atomics.store(this.#state, STATE, AWAKE);
    events.push(this.#token, READY.readable);
  }
}
