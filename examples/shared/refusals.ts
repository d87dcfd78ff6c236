// Clients for which a server has no place: each reads why, and keeps no place.
import type { Socket } from "node:net";

export class Refusals {
  readonly #most: number;
  readonly #ms: number;
  #count = 0;

  /**
   * @param most How many at a time get time to read why; more are closed when it is sent.
   * @param ms How long they get, in milliseconds.
   */
  constructor(most = 256, ms = 1_000) {
    this.#most = most;
    this.#ms = ms;
  }

  /** Says why, gives a short time to read it, and closes. */
  refuse(socket: Socket, why: string): void {
    socket.end(why);
    this.#count += 1;
    // Closed with something unread it would be reset, and the client would not see why.
    if (this.#count > this.#most) socket.destroySoon();
    else socket.resume();
    const timer = setTimeout(() => socket.destroy(), this.#ms);
    socket.on("close", () => {
      clearTimeout(timer);
      this.#count -= 1;
    });
  }
}
