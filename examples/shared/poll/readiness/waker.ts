// Wakes a poll that is asleep, and costs next to nothing when it is not.

import type { Token } from "../token.ts";
import { type Events, READY } from "./events.ts";
import type { Selector, WakeAddress, WakeHandle } from "./selector.ts";

/**
 * Shared by the poll and all its wakers. The first word is the state of the poll:
 *
 * ```text
 *        the poll is about to wait              a wake: calls the kernel
 *   AWAKE ────────────────────────────► ASLEEP ────────────────────────► WOKEN
 *    ▲ ▲ │                                │                              ▲  │
 *    │ │ └────────────────────────────────┼──────────────────────────────┘  │
 *    │ │        a wake: no system call    │                                 │
 *    │ └──────────────────────────────────┘ the wait ended without a wake   │
 *    └──────────────────────────────────────────────────────────────────────┘
 *                                           the poll reports the wake
 * ```
 *
 * No wakeup is lost: each arrow is one atomic operation, and all threads see these in one
 * order (ECMAScript, "Memory Model"). So either the poll finds WOKEN and does not
 * sleep, or the waker finds ASLEEP and calls the kernel. Such a call costs at least a fifth
 * of a microsecond, an exchange a twentieth of that.
 *
 * The second word counts the wakers that are in the kernel: the descriptor that they write
 * to is closed when there are none. A closed poll stays WOKEN.
 */
export type SleepState = Int32Array<SharedArrayBuffer>;
const STATE = 0;
const CALLS = 1;
const AWAKE = 0;
const ASLEEP = 1;
const WOKEN = 2;
/** How often `close` checks, 1 ms apart, whether all wakers have left the kernel. */
const MAX_CHECKS = 100;

/** Returns a state for a new poll, which is awake. */
export function newSleepState(): SleepState {
  return new Int32Array(new SharedArrayBuffer(8));
}

/** Plain data from which another thread creates a waker: `wakerFrom`. */
export interface SharedWaker {
  readonly address: WakeAddress;
  readonly state: SleepState;
}

/** Ends the wait of its poll, or keeps the next one from sleeping. */
export class Waker {
  readonly #handle: WakeHandle;
  readonly #state: SleepState;

  /** Created by `Poll.openWaker`, or in another thread by `wakerFrom`. */
  constructor(handle: WakeHandle, state: SleepState) {
    this.#handle = handle;
    this.#state = state;
  }

  /** For a message to another thread. */
  get shared(): SharedWaker {
    return { address: this.#handle.shared, state: this.#state };
  }

  /**
   * Wakes the poll, which reports all wakes since its last report as one event. The
   * caller's earlier writes happen-before that event. Calls the kernel only if the poll is
   * asleep. Does nothing when the poll is closed.
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

/** The poll's side of the state. */
export class Sleep {
  readonly #state: SleepState;
  readonly #token: Token;
  /** The last wait had no room to report a wake; the next one reports it first. */
  #pending = false;

  constructor(state: SleepState, token: Token) {
    this.#state = state;
    this.#token = token;
  }

  /** Waits with `selector`: sets the state before the wait, and checks it after. */
  wait(events: Events, timeout: number | null, selector: Pick<Selector, "select">): void {
    if (this.#pending) this.#report(events);
    if (events.length === events.capacity) return;
    const before = Atomics.compareExchange(this.#state, STATE, AWAKE, ASLEEP);
    selector.select(events, before === WOKEN || events.length > 0 ? 0 : timeout);
    // ASLEEP becomes AWAKE; WOKEN stays until it is reported.
    if (Atomics.compareExchange(this.#state, STATE, ASLEEP, AWAKE) !== WOKEN) return;
    this.#pending = events.length === events.capacity;
    if (!this.#pending) this.#report(events);
  }

  /** Stops wakers from calling the kernel, and waits for those that are in it. */
  close(): void {
    Atomics.store(this.#state, STATE, WOKEN);
    // The checks are limited, because a thread that was terminated in the kernel stays
    // counted.
    for (let check = 0; check < MAX_CHECKS; check += 1) {
      const calls = Atomics.load(this.#state, CALLS);
      if (calls === 0) return;
      Atomics.wait(this.#state, CALLS, calls, 1);
    }
  }

  #report(events: Events): void {
    this.#pending = false;
    // Before the event is handled, so that a wake during its handling is a new one.
    Atomics.store(this.#state, STATE, AWAKE);
    events.push(this.#token, READY.readable);
  }
}
