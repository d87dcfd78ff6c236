// A client of the word server.
import { once } from "node:events";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { dial } from "../wire.ts";

/** Sends words, and receives lines. */
export class Talk {
  readonly socket: Socket;
  readonly #lines: AsyncIterator<string>;

  private constructor(socket: Socket) {
    this.socket = socket;
    this.#lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  }

  static async with(port: number): Promise<Talk> {
    return new Talk(await dial(port));
  }

  /** @returns The next line; undefined when the connection has ended, or was reset. */
  async ask(word: string): Promise<string | undefined> {
    this.socket.write(`${word}\n`);
    return this.receive();
  }

  async receive(): Promise<string | undefined> {
    const ended = { done: true, value: undefined } as const;
    const { value, done } = await this.#lines.next().catch(() => ended);
    return done ? undefined : value;
  }

  async leave(): Promise<void> {
    this.socket.destroy();
    if (!this.socket.closed) await once(this.socket, "close");
  }
}
