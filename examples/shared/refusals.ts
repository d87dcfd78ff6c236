// Refuses clients when a server is full: each is sent the reason, and takes up no place.
import type { Socket } from "node:net";

export class Refusals {
  readonly #most: number;
  readonly #ms: number;
  #count = 0;

  /**
   * @param most How many at a time have time to read the reason; others are closed
   *   once it is sent.
   * @param ms How long they have, in milliseconds.
   */
  constructor(most = 256, ms = 1_000) {
    this.#most = most;
    this.#ms = ms;
  }

  /** Sends the reason, gives the client a short time to read it, and closes. */
  refuse(socket: Socket, why: string): void {
    socket.end(why);
    this.#count += 1;
    // Closing it with unread bytes would reset it, and the client would not see the reason.
    if (this.#count > this.#most) socket.destroySoon();
    else socket.resume();
    const timer = setTimeout(() => socket.destroy(), this.#ms);
    socket.on("close", () => {
      clearTimeout(timer);
      this.#count -= 1;
    });
  }
}
