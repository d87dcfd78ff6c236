// One connection of the bench: lines while it gets ready, raw bytes when the load is on.
import { connect, type Socket } from "node:net";

/** All sockets read into the same buffer: what came is looked at before the next read. */
const BUFFER = Buffer.allocUnsafe(256 * 1024);

export interface Target {
  readonly host: string;
  readonly port: number;
}

export class Client {
  readonly socket: Socket;
  /** What the server calls it. */
  name = "";
  /** What gets the bytes; undefined while lines are read. */
  sink: ((bytes: Buffer) => void) | undefined;
  /** The connection has ended, whichever side ended it. */
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
    // The error is followed by a close.
    this.socket.on("error", () => {});
    this.socket.on("close", () => {
      this.ended = true;
      this.#wake?.();
      onEnd();
    });
  }

  /** Reads lines until one is as wanted. @throws {Error} When the connection ends before. */
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

  /** Hands all bytes to `sink` from now on, those behind the last line read as well. */
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

/** Waits until the server has given it a name. */
export async function greeted(client: Client): Promise<void> {
  const line = await client.until((one) => one.startsWith("You are "));
  client.name = line.slice("You are ".length).trimEnd();
}

/** Goes to a room. Without one it stays where the server has put it. */
export async function joins(client: Client, room: string): Promise<void> {
  client.send(`/join ${room}\n`);
  const lines = [`You joined ${room}`, `${client.name} joined ${room}`];
  await client.until((line) => lines.includes(line));
}
