// A client that a behaviour steers: it sends, and says what it expects to see.
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A behaviour that a server falls short of: what was expected, and what came instead. */
export class Unmet extends Error {
  readonly expected: string;
  readonly got: string;

  constructor(expected: string, got: string) {
    super(`expected ${expected}, got ${got}`);
    this.expected = expected;
    this.got = got;
  }
}

export interface ClientOptions {
  host: string;
  port: number;
  /** What the transcript calls it. */
  label: string;
  /** How long it waits for what must come, in milliseconds. */
  patience: number;
  /** Whose coming or going a line is about, if it is about that. */
  announced: (line: string) => string | undefined;
  /** What was sent and seen by all clients of a behaviour, in order. */
  transcript: string[];
}

/**
 * Connects to the server under test.
 *
 * @throws {Unmet} When the server refuses, or does not answer in time.
 */
export async function open(options: ClientOptions): Promise<Socket> {
  const { host, port, label, patience } = options;
  const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(patience) });
    return socket;
  } catch (error) {
    socket.destroy();
    const { code = "no answer" } = error as NodeJS.ErrnoException;
    throw new Unmet(`that ${label} can connect to ${host} port ${port}`, code);
  }
}

/** One connection to the server under test. */
export class Client {
  readonly label: string;
  /** What the server calls it; empty before step 09. */
  name = "";
  readonly #options: ClientOptions;
  readonly #socket: Socket;
  readonly #lines: string[] = [];
  #rest = "";
  #bytes = 0;
  #end: "the end of the connection" | "a reset" | undefined;
  #wake: (() => void) | undefined;

  constructor(socket: Socket, options: ClientOptions) {
    this.#socket = socket;
    this.#options = options;
    this.label = options.label;
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => {
      this.#bytes += Buffer.byteLength(text);
      const [first = "", ...others] = text.split("\n");
      this.#rest += first;
      for (const other of others) {
        this.#lines.push(this.#rest);
        this.#rest = other;
      }
      this.#wake?.();
    });
    socket.on("end", () => this.#ended("the end of the connection"));
    socket.on("error", () => this.#ended("a reset"));
    socket.on("close", () => this.#ended("a reset"));
  }

  /** Sends a line. */
  send(line: string): void {
    this.sendBytes(`${line}\n`);
  }

  /** Sends bytes as they are, in one piece. */
  sendBytes(data: string | Uint8Array): void {
    this.#note("→", typeof data === "string" ? data.replace(/\n$/, "") : `${data}`);
    this.#socket.write(data);
  }

  /** Sends bytes one at a time, each in a packet of its own as far as that can be had. */
  async dribbles(text: string): Promise<void> {
    this.#note("→", `${text.replace(/\n$/, "")} (byte by byte)`);
    for (const byte of Buffer.from(text)) {
      this.#socket.write(Uint8Array.of(byte));
      await new Promise(setImmediate);
    }
  }

  /** Sees a line next; those about the coming and going of others are passed over. */
  async sees(expected: string | RegExp): Promise<string> {
    const wanted =
      typeof expected === "string" ? `"${shorten(expected)}"` : `${expected}`;
    const strict = typeof expected === "string" && this.#isAboutOthers(expected);
    const line = await this.#next(`${this.label} to see ${wanted}`, strict);
    if (typeof expected === "string" ? line === expected : expected.test(line))
      return line;
    throw new Unmet(`${this.label} to see ${wanted}`, shorten(line));
  }

  /** Sees all these lines next, one after the other. */
  async seesAll(expected: readonly string[]): Promise<void> {
    for (const line of expected) await this.sees(line);
  }

  /**
   * The next line, whatever it is.
   *
   * @param strict Those about others' coming and going too; else they are passed over.
   */
  line(wanted = "a line", strict = false): Promise<string> {
    return this.#next(`${this.label} to see ${wanted}`, strict);
  }

  /** Nothing has come so far. Proves something only after a fence by another client. */
  hasSeenNothing(): void {
    const [line] = this.#lines;
    if (line !== undefined || this.#end) {
      throw new Unmet(
        `${this.label} to see nothing yet`,
        shorten(line ?? `${this.#end}`),
      );
    }
  }

  /** Sees the connection end, after no further line. */
  async seesEnd(): Promise<void> {
    const line = await this.#nextOrEnd(`${this.label} to see the connection end`, false);
    if (line !== undefined) {
      throw new Unmet(`${this.label} to see the connection end`, shorten(line));
    }
  }

  /** Sees the connection end, whatever lines came before. @returns those lines. */
  async seesEndSomeTime(): Promise<string[]> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.#nextOrEnd(`${this.label} to see the connection end`, true);
      if (line === undefined) return lines;
      lines.push(line);
    }
  }

  /** Reads slowly, a little each turn, until the end. @returns how many bytes came. */
  async countsSlowly(): Promise<number> {
    while (this.#end === undefined) {
      this.#socket.pause();
      await new Promise(setImmediate);
      this.#socket.resume();
      const before = this.#bytes;
      await this.#until(
        () => this.#bytes > before || this.#end !== undefined,
        `${this.label} to get more than ${before} bytes`,
      );
    }
    return this.#bytes;
  }

  /** Stops reading: what comes fills the buffers of the two systems. */
  pauses(): void {
    this.#note("·", "stops reading");
    this.#socket.pause();
  }

  resumes(): void {
    this.#note("·", "reads on");
    this.#socket.resume();
  }

  /** Has finished sending, and goes on reading (a half-close). */
  finishes(): void {
    this.#note("·", "finishes sending");
    this.#socket.end();
  }

  /** Closes the connection, both ways; done when the server has closed its side too. */
  async leaves(): Promise<void> {
    this.finishes();
    this.#socket.resume();
    await this.#until(
      () => this.#end !== undefined,
      `the server to close ${this.label}'s connection`,
    );
    this.#socket.destroy();
  }

  /** Breaks the connection off: the server gets a reset (RST). */
  async resets(): Promise<void> {
    this.#note("·", "resets the connection");
    if (!this.#socket.closed) {
      this.#socket.resetAndDestroy();
      await once(this.#socket, "close");
    }
  }

  /** Ends it without ceremony, when the behaviour is over. */
  destroy(): void {
    this.#socket.destroy();
  }

  async #next(wanted: string, strict: boolean): Promise<string> {
    const line = await this.#nextOrEnd(wanted, strict);
    if (line !== undefined) return line;
    throw new Unmet(wanted, `${this.#end}`);
  }

  async #nextOrEnd(wanted: string, strict: boolean): Promise<string | undefined> {
    for (;;) {
      await this.#until(() => this.#lines.length > 0 || this.#end !== undefined, wanted);
      const line = this.#lines.shift();
      if (line === undefined) return undefined;
      this.#note("←", line);
      if (strict || !this.#isAboutOthers(line)) return line;
    }
  }

  async #until(condition: () => boolean, wanted: string): Promise<void> {
    if (condition()) return;
    const { patience } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const message = `nothing within ${patience / 1000} s`;
      timer = setTimeout(() => reject(new Unmet(wanted, message)), patience);
    });
    try {
      while (!condition()) {
        const news = new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        await Promise.race([news, late]);
      }
    } finally {
      clearTimeout(timer);
      late.catch(() => {});
    }
  }

  #isAboutOthers(line: string): boolean {
    const name = this.#options.announced(line);
    return name !== undefined && name !== this.name;
  }

  #ended(how: "the end of the connection" | "a reset"): void {
    if (this.#end !== undefined) return;
    if (this.#rest !== "") this.#lines.push(this.#rest);
    this.#end = how;
    this.#wake?.();
  }

  #note(arrow: string, text: string): void {
    for (const line of text.split("\n").slice(0, 20)) {
      this.#options.transcript.push(`${this.label} ${arrow} ${shorten(line)}`);
    }
  }
}

function shorten(line: string): string {
  const text =
    line.length > 90 ? `${line.slice(0, 60)}… (${line.length} characters)` : line;
  return JSON.stringify(text).slice(1, -1);
}
