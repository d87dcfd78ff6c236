// What is kept of a socket that is watched, where the kernel knows no edges: what it is to be
// asked for now.

import type { Token } from "../token.ts";
import { READY, type Ready } from "./events.ts";
import { type Interest, type Mode, READABLE, WRITABLE } from "./interest.ts";

/**
 * Makes edges, and one-shots, from levels: what was reported is set aside until a call on
 * the socket says "blocked", for only then can it become so again. An edge of READABLE:
 *
 * ```text
 *   bytes in the kernel   0 ──┐ 3 come    ┌ we read all ┌ "blocked"   ┌ 2 more come
 *   armed                 R   │ event: –  │ –           │ R           │ event: –
 *                             └ fired()                 └ blocked()   └ fired()
 * ```
 *
 * With nothing armed the kernel is asked all the same: a failure and the end of both
 * directions are always reported, once when edge-triggered. Only then is it `silent`.
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

  /** What of the interest the kernel is to be asked for now. */
  get armed(): Interest {
    return this.#armed;
  }

  /** Nothing of it is to be reported, whatever happens: the kernel need not be asked. */
  get silent(): boolean {
    return this.#silent;
  }

  /** Another one is in its place: all of it is to be reported again. */
  rearm(token: Token, interest: Interest, mode: Mode): void {
    this.#token = token;
    this.#interest = interest;
    this.#mode = mode;
    this.#armed = interest;
    this.#silent = false;
  }

  /** An event with these bits has been reported. */
  fired(ready: Ready): void {
    if (this.#mode === "level") return;
    // After a failure, and after both ends, no call says "blocked" any more.
    const over = (ready & (READY.error | READY.writeClosed)) !== 0;
    this.#silent = over || this.#mode === "oneshot";
    if (this.#silent) this.#armed = 0;
    if (ready & READY.readable) this.#armed &= ~READABLE;
    if (ready & READY.writable) this.#armed &= ~WRITABLE;
  }

  /**
   * A call has just said "blocked".
   *
   * @param interest Which: READABLE or WRITABLE.
   */
  blocked(interest: Interest): void {
    if (this.#mode !== "edge") return;
    this.#armed |= this.#interest & interest;
    this.#silent = false;
  }
}
