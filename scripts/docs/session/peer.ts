// One client of a session: what came to it, and what of that was accounted for.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Host } from "./host.ts";

/** How a connection ended. */
export type End = "closed" | "reset";

/** Nothing came in time, or the connection ended, and something else was awaited. */
export class Missed extends Error {}

/**
 * Connects.
 *
 * @returns undefined when nothing listens there.
 */
export async function dial(host: string, port: number): Promise<Socket | undefined> {
  const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
  try {
    await once(socket, "connect");
    return socket;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Reset: it stopped listening after the kernel had answered, and before it accepted.
    if (code === "ECONNREFUSED" || code === "ECONNRESET") return undefined;
    throw error;
  }
}

export class Peer {
  readonly label: string;
  /** Its next line does not matter, nor do others before the next that does. */
  skipping = false;
  /** It has finished typing. */
  leaving = false;
  /** It has seen the end of its connection, or has broken it off. */
  hungUp = false;
  /** What it typed last had no line end. */
  midLine = false;
  readonly #socket: Socket;
  readonly #patience: number;
  /** What came and was not taken yet. */
  #text = "";
  #received = false;
  /** The line taken last had no end yet. */
  #owesEnd = false;
  #end: End | undefined;
  #wake: (() => void) | undefined;

  /** @param patience How long it waits for what must come, in milliseconds. */
  constructor(label: string, socket: Socket, patience: number) {
    this.label = label;
    this.#socket = socket;
    this.#patience = patience;
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => {
      this.#text += text;
      this.#received = true;
      if (this.#owesEnd) this.#text = this.#text.replace(/^\r?\n/, "");
      this.#owesEnd = false;
      this.#wake?.();
    });
    socket.on("end", () => this.#ended("closed"));
    socket.on("error", () => this.#ended("reset"));
    socket.on("close", () => this.#ended("reset"));
  }

  /** How the connection ended, if it did. */
  get end(): End | undefined {
    return this.#end;
  }

  /** Something has come: the server serves it. */
  get served(): boolean {
    return this.#received;
  }

  type(bytes: Buffer): void {
    this.midLine = bytes.length > 0 && bytes.at(-1) !== 10;
    this.#socket.write(bytes);
  }

  finish(): void {
    this.leaving = true;
    this.#socket.end();
  }

  /** Closes its side too, as a terminal does when the server has. */
  hangUp(): void {
    this.hungUp = true;
    this.#socket.destroy();
  }

  async reset(): Promise<void> {
    this.hungUp = true;
    if (this.#socket.closed) return;
    this.#socket.resetAndDestroy();
    await once(this.#socket, "close");
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** The next line that has come whole, or undefined; what stands at the end is a line. */
  take(): string | undefined {
    const line = this.look();
    if (line === undefined) return undefined;
    this.#text = this.#text.slice(this.#text.indexOf("\n") + 1 || this.#text.length);
    return line;
  }

  /** As `take`, and leaves it there. */
  look(): string | undefined {
    const end = this.#text.indexOf("\n");
    if (end >= 0) return this.#text.slice(0, end).replace(/\r$/, "");
    return this.#end !== undefined && this.#text !== "" ? this.#text : undefined;
  }

  /** Takes what has come of a line whose end has not: for servers that answer bytes. */
  takePart(): string {
    const part = this.#text;
    this.#text = "";
    this.#owesEnd = part !== "";
    return part;
  }

  /** What has come, and was not taken. */
  get text(): string {
    return this.#text;
  }

  /**
   * Waits until something holds.
   *
   * @throws {Missed} When it does not in time, or the connection has ended and it still
   * does not; the message says which.
   */
  async until(condition: () => boolean): Promise<void> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#wake?.();
    }, this.#patience);
    try {
      while (!condition()) {
        if (this.#end === "closed") throw new Missed("the end of the connection");
        if (this.#end === "reset") throw new Missed("a reset");
        if (late) throw new Missed(`nothing within ${this.#patience / 1000} s`);
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whether a fence would prove something: it is served, and in no unfinished line. */
  canAsk({ fence, byBytes }: Host): boolean {
    if (this.#end !== undefined || this.leaving || !this.#received) return false;
    return fence.kind !== "none" && (byBytes || !this.midLine);
  }

  /**
   * Asks for what it knows, and waits for the answer. What came before it, stays to be
   * taken.
   *
   * @throws {Missed} When no answer comes.
   */
  async ask({ fence, byBytes }: Host): Promise<void> {
    if (fence.kind === "none") return;
    // One that skips has perhaps seen no line of those yet.
    if (this.skipping) await this.until(() => this.look() !== undefined);
    const before = this.#text.length;
    this.#socket.write(`${fence.asks}\n`);
    const line = byBytes ? /~~~[^\n]*\n$/ : /[^\n]*~~~[^\n]*\n$/;
    const answer = () => {
      if (fence.kind === "text") return line.exec(this.#text)?.[0] ?? "";
      const came = this.#text.length - before >= fence.answer.length;
      return came && this.#text.endsWith(fence.answer) ? fence.answer : "";
    };
    await this.until(() => answer() !== "");
    this.#text = this.#text.slice(0, this.#text.length - answer().length);
    this.midLine = false;
  }

  #ended(how: End): void {
    this.#end ??= how;
    this.#wake?.();
  }
}
