// The state of a watched socket where the kernel is level-triggered only: what to ask it
// for now.

import type { Token } from "../token.ts";
import { READY, type Ready } from "./events.ts";
import { type Interest, type Mode, READABLE, WRITABLE } from "./interest.ts";

/**
 * Emulates edge-triggered and one-shot modes: what was reported is disarmed until a call on
 * the socket says "blocked", because only then can the socket become ready again. An edge
 * of READABLE:
 *
 * ```text
 *   bytes in the kernel   0 ──┐ 3 arrive  ┌ we read all ┌ "blocked"   ┌ 2 more arrive
 *   armed                 R   │ event: –  │ –           │ R           │ event: –
 *                             └ fired()                 └ blocked()   └ fired()
 * ```
 *
 * Even with nothing armed the kernel is asked, because errors and the end of both
 * directions are always reported, once when edge-triggered. Only after that is it `silent`.
 */
export class Registration {
  #token: Token;
  #interest: Interest;
  #mode: Mode;
  #armed: Interest;
  #silent = false;

  constructor(token: Token, interest: Interest, mode: Mode) {
    this.#token = token;
    this.#interest = interest;
    this.#mode = mode;
    this.#armed = interest;
  }

  get token(): Token {
    return this.#token;
  }

  get interest(): Interest {
    return this.#interest;
  }

  /** The part of the interest to ask the kernel for now. */
  get armed(): Interest {
    return this.#armed;
  }

  /** Nothing more will be reported, whatever happens, so the kernel need not be asked. */
  get silent(): boolean {
    return this.#silent;
  }

  /** Replaces the registration and arms its complete interest. */
  rearm(token: Token, interest: Interest, mode: Mode): void {
    this.#token = token;
    this.#interest = interest;
    this.#mode = mode;
    this.#armed = interest;
    this.#silent = false;
  }

  /** Records that an event with these bits was reported. */
  fired(ready: Ready): void {
    if (this.#mode === "level") return;
    // After an error, or the end of both directions, no call ever says "blocked" again.
    const over = (ready & (READY.error | READY.writeClosed)) !== 0;
    this.#silent = over || this.#mode === "oneshot";
    if (this.#silent) this.#armed = 0;
    if (ready & READY.readable) this.#armed &= ~READABLE;
    if (ready & READY.writable) this.#armed &= ~WRITABLE;
  }

  /**
   * Records that a call has just said "blocked", and arms the next edge.
   *
   * @param interest Which call: READABLE or WRITABLE.
   */
  blocked(interest: Interest): void {
    if (this.#mode !== "edge") return;
    this.#armed |= this.#interest & interest;
    this.#silent = false;
  }
}
