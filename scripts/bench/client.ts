// One connection of the bench: it reads lines during setup, and raw bytes under load.
import { connect, type Socket } from "node:net";

/** All sockets share it, because the bytes are consumed before the next read. */
const BUFFER = Buffer.allocUnsafe(256 * 1024);

export interface Target {
  readonly host: string;
  readonly port: number;
}

export class Client {
  readonly socket: Socket;
  /** The name that the server has given the client. */
  name = "";
  /** Receives the bytes. Undefined while lines are read. */
  sink: ((bytes: Buffer) => void) | undefined;
  /** Whether the connection has ended, from either side. */
  ended = false;
  #text = "";
  #lines: string[] = [];
  #wake: (() => void) | undefined;

  constructor(target: Target, onEnd: () => void) {
    this.socket = connect({
      ...target,
      noDelay: true,
      onread: {
        buffer: BUFFER,
        callback: (count, buffer) => {
          const bytes = (buffer as Buffer).subarray(0, count);
          if (this.sink) this.sink(bytes);
          else this.#read(bytes.toString("latin1"));
          return true;
        },
      },
    });
    // A close follows the error.
    this.socket.on("error", () => {});
    this.socket.on("close", () => {
      this.ended = true;
      this.#wake?.();
      onEnd();
    });
  }

  /** Returns the next line that `wanted` accepts. @throws {Error} When the connection ends. */
  async until(wanted: (line: string) => boolean): Promise<string> {
    for (;;) {
      for (
        let line = this.#lines.shift();
        line !== undefined;
        line = this.#lines.shift()
      ) {
        if (wanted(line)) return line;
      }
      if (this.ended) throw new Error("the server ended a connection");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Passes all further bytes to `sink`, including those buffered after the last line read. */
  pipe(sink: (bytes: Buffer) => void): void {
    const rest = [...this.#lines, this.#text].join("\n");
    this.#lines = [];
    this.sink = sink;
    if (rest !== "") sink(Buffer.from(rest, "latin1"));
  }

  send(text: string): void {
    this.socket.write(text, "latin1");
  }

  #read(text: string): void {
    const [first = "", ...others] = text.split("\n");
    this.#text += first;
    for (const other of others) {
      this.#lines.push(this.#text);
      this.#text = other;
    }
    this.#wake?.();
  }
}

/** Waits until the server has given the client a name. */
export async function greeted(client: Client): Promise<void> {
  const line = await client.until((one) => one.startsWith("You are "));
  client.name = line.slice("You are ".length).trimEnd();
}

/** Joins a room, and waits until the server has confirmed it. */
export async function joins(client: Client, room: string): Promise<void> {
  client.send(`/join ${room}\n`);
  const lines = [`You joined ${room}`, `${client.name} joined ${room}`];
  await client.until((line) => lines.includes(line));
}
