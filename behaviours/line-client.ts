// A connection to a line-based server, and waiting for what it sends. The behaviours and the
// sessions on the pages build on it.
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** How a connection ended. */
type End = "closed" | "reset";

/** What was waited for did not come in time, or the connection ended first. */
export class Missed extends Error {}

/**
 * Connects, with Nagle's algorithm off.
 *
 * @param patience How long that may take, in milliseconds.
 * @throws {NodeJS.ErrnoException} When nothing listens there (`ECONNREFUSED`), when the server
 * stops listening at that moment (`ECONNRESET`), or when it takes too long (`ABORT_ERR`).
 */
export async function dial(
  host: string,
  port: number,
  patience: number,
): Promise<Socket> {
  const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(patience) });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** One connection. Text is buffered until it is taken. */
export class LineClient {
  readonly label: string;
  protected readonly socket: Socket;
  /** What was received but not taken yet. */
  protected text = "";
  readonly #patience: number;
  #end: End | undefined;
  /** The wake-up of each pending `until`; there may be several. */
  readonly #waiting = new Set<() => void>();

  /** @param patience How long `until` waits, in milliseconds. */
  constructor(label: string, socket: Socket, patience: number) {
    this.label = label;
    this.socket = socket;
    this.#patience = patience;
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => {
      this.receive(text);
      this.#wakeAll();
    });
    socket.on("end", () => this.#ended("closed"));
    socket.on("error", () => this.#ended("reset"));
    socket.on("close", () => this.#ended("reset"));
  }

  /** How the connection ended, if it did. */
  get end(): End | undefined {
    return this.#end;
  }

  /** The next line, without its newline; after the end of the connection, what is left. */
  look(): string | undefined {
    const end = this.text.indexOf("\n");
    if (end >= 0) return this.text.slice(0, end);
    return this.#end !== undefined && this.text !== "" ? this.text : undefined;
  }

  /** Like `look`, but removes the line. */
  take(): string | undefined {
    const line = this.look();
    if (line === undefined) return undefined;
    this.text = this.text.slice(this.text.indexOf("\n") + 1 || this.text.length);
    return line;
  }

  /** Half-closes the connection: ends sending, and keeps reading. */
  finishes(): void {
    this.socket.end();
  }

  /** Aborts the connection: the server gets a reset (RST). */
  async resets(): Promise<void> {
    if (this.socket.closed) return;
    this.socket.resetAndDestroy();
    await once(this.socket, "close");
  }

  /** Closes both directions immediately. */
  destroy(): void {
    this.socket.destroy();
  }

  /**
   * Waits until a condition holds.
   *
   * @throws {Missed} When it does not hold in time, or at the end of the connection; the message
   * says which.
   */
  async until(condition: () => boolean): Promise<void> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#wakeAll();
    }, this.#patience);
    try {
      while (!condition()) {
        if (this.#end === "closed") throw new Missed("the end of the connection");
        if (this.#end === "reset") throw new Missed("a reset");
        if (late) throw new Missed(`nothing within ${this.#patience / 1000} s`);
        await new Promise<void>((resolve) => this.#waiting.add(resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Buffers what was received. */
  protected receive(text: string): void {
    this.text += text;
  }

  #ended(how: End): void {
    this.#end ??= how;
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
