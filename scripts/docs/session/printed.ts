// The lines that a server prints, one after the other.
import type { RunningHost } from "./host.ts";

export class Printed {
  readonly #running: RunningHost;
  /** How much of what it has printed was taken. */
  #taken = 0;

  constructor(running: RunningHost) {
    this.#running = running;
  }

  /**
   * The next line; its port is always 42069.
   *
   * @param patience How long to wait, in milliseconds.
   * @returns undefined when none comes in time, or the server has ended.
   */
  async next(patience: number): Promise<string | undefined> {
    const { port, process } = this.#running;
    let over = false;
    const timer = setTimeout(() => {
      over = true;
    }, patience);
    const ended = process.ended.then(() => {
      over = true;
    });
    try {
      for (;;) {
        const last = over;
        const rest = process.output().slice(this.#taken);
        const end = rest.indexOf("\n");
        if (end >= 0) {
          this.#taken += end + 1;
          return rest.slice(0, end).replaceAll(`:${port}`, ":42069");
        }
        if (last) return undefined;
        await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5))]);
      }
    } finally {
      clearTimeout(timer);
    }
  }
}
