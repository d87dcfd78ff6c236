// Wakes tasks of this thread from another thread. A waker is an object, and objects cannot
// leave their thread, so a number is sent instead, with memory that both threads see.
import { wakerFrom } from "../poll/readiness/pollers.ts";
import type { SharedWaker } from "../poll/readiness/waker.ts";
import type { Waker } from "./future.ts";
import type { Runtime } from "./runtime.ts";

/** How many tasks can be woken remotely at a time. */
const SLOTS = 1024;

/** Plain data to post to another thread, which passes it to `wakeRemotely`. */
export interface RemoteWaker {
  readonly slot: number;
  /** A bit for each slot: whether it was woken. */
  readonly woken: Int32Array<SharedArrayBuffer>;
  readonly poll: SharedWaker;
}

/**
 * The tasks of a runtime that other threads may wake.
 *
 * ```text
 *   other thread   set bit 5 of `woken` ──► wake the poll, if it sleeps
 *   this thread    the poll ends ──► take all bits, at once ──► wake task 5
 * ```
 *
 * No wakeup is lost, because the bit is set before the poll is woken, and the poll reports
 * the wake before we look at the bits.
 */
export class RemoteWakers {
  readonly #woken = new Int32Array(new SharedArrayBuffer(SLOTS / 8));
  readonly #wakers: (Waker | undefined)[] = [];
  readonly #poll: SharedWaker;

  constructor(runtime: Runtime) {
    this.#poll = runtime.waker.shared;
    runtime.onWake(() => this.#deliver());
  }

  /** How many wakers are held. */
  get size(): number {
    return this.#wakers.filter((waker) => waker !== undefined).length;
  }

  /** @throws {RangeError} When all slots are taken. */
  hold(waker: Waker): RemoteWaker {
    const free = this.#wakers.indexOf(undefined);
    const slot = free === -1 ? this.#wakers.length : free;
    if (slot >= SLOTS) throw new RangeError(`Cannot hold more than ${SLOTS} wakers`);
    this.#wakers[slot] = waker;
    return { slot, woken: this.#woken, poll: this.#poll };
  }

  /** Frees the slot. A wake in flight may reach its next holder, as a spurious wakeup. */
  release({ slot }: RemoteWaker): void {
    this.#wakers[slot] = undefined;
  }

  #deliver(): void {
    for (let word = 0; word < this.#woken.length; word += 1) {
      let bits = Atomics.exchange(this.#woken, word, 0);
      while (bits !== 0) {
        const bit = 31 - Math.clz32(bits);
        bits &= ~(1 << bit);
        this.#wakers[word * 32 + bit]?.wake();
      }
    }
  }
}

/** Wakes a task, from any thread. */
export function wakeRemotely({ slot, woken, poll }: RemoteWaker): void {
  Atomics.or(woken, slot >> 5, 1 << (slot & 31));
  wakerFrom(poll).wake();
}
