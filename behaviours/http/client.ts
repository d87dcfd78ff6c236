// A client that sends any bytes, well formed or not, and parses answers strictly.
import type { Socket } from "node:net";
import { open, Unmet } from "../client.ts";
import { withoutControls } from "../quoting.ts";

export interface Answer {
  /** The status line. */
  readonly start: string;
  readonly status: number;
  /** Values by lowercase name; fields of the same name are joined by commas. */
  readonly fields: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

export class HttpClient {
  readonly #socket: Socket;
  readonly #patience: number;
  /** What was sent and received, one line each. */
  readonly transcript: string[];
  /** The number of bytes received. */
  received = 0;
  #bytes = Buffer.alloc(0);
  #isOver = false;
  #news: () => void = () => {};

  /**
   * @param patience Milliseconds to wait for the connection, and for each expected answer.
   * @param transcript Where it writes what is sent and received.
   * @throws {Unmet} When the server cannot be connected to.
   */
  static async connect(
    host: string,
    port: number,
    patience: number,
    transcript: string[] = [],
  ): Promise<HttpClient> {
    const socket = await open({ host, port, label: "a client", patience });
    return new HttpClient(socket, patience, transcript);
  }

  private constructor(socket: Socket, patience: number, transcript: string[]) {
    this.#socket = socket;
    this.#patience = patience;
    this.transcript = transcript;
    socket.on("data", (bytes: Buffer) => {
      this.received += bytes.length;
      this.#bytes = Buffer.concat([this.#bytes, bytes]);
      this.#news();
    });
    const over = () => {
      this.#isOver = true;
      this.#news();
    };
    socket.on("end", over).on("close", over);
    // "close" follows; what is missing then decides the outcome.
    socket.on("error", (error) => this.transcript.push(`! ${error.message}`));
  }

  /** Sends bytes, given as latin1, in a separate write. */
  async send(text: string): Promise<void> {
    this.transcript.push(`> ${shown(text)}`);
    this.#socket.write(text, "latin1");
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Half-closes: answers can still arrive. */
  finish(): void {
    this.transcript.push("> (end)");
    this.#socket.end();
  }

  /** Stops reading until the next call that waits for an answer. */
  pause(): void {
    this.#socket.pause();
  }

  /**
   * The next final answer; with `interim`, also a 1xx.
   *
   * @param method The request's: an answer to HEAD has no body.
   * @throws {Unmet} When no valid answer arrives in time.
   */
  async answer(method = "GET", interim = false): Promise<Answer> {
    this.#socket.resume();
    const end = await this.#until("an answer", () => {
      const at = this.#bytes.indexOf("\r\n\r\n");
      return at === -1 ? undefined : at;
    });
    const head = this.#bytes.toString("latin1", 0, end);
    this.transcript.push(
      ...head.split("\r\n").map((line) => `< ${withoutControls(line)}`),
    );
    const [start = "", ...lines] = head.split("\r\n");
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(start)?.[1] ?? Number.NaN);
    const fields = new Map<string, string>();
    for (const line of lines) {
      const [, name = "", value = ""] = /^([\w-]+):[\t ]*(.*?)[\t ]*$/.exec(line) ?? [];
      if (name === "") throw new Unmet("a field", line);
      const before = fields.get(name.toLowerCase());
      fields.set(
        name.toLowerCase(),
        before === undefined ? value : `${before}, ${value}`,
      );
    }
    if (Number.isNaN(status))
      throw new Unmet("a status line like HTTP/1.1 200 OK", start);
    this.#bytes = this.#bytes.subarray(end + 4);
    const isInterim = status >= 100 && status < 200;
    if (isInterim && !interim) return this.answer(method);
    const body = await this.#body(method, status, fields);
    return { start, status, fields, body };
  }

  /** @throws {Unmet} When the server sends more, or does not end the connection in time. */
  async ends(): Promise<void> {
    this.#socket.resume();
    await this.#until("the end of the connection", () =>
      this.#isOver || this.#bytes.length > 0 ? true : undefined,
    );
    if (this.#bytes.length > 0) {
      const text = this.#bytes.toString("latin1", 0, 200);
      throw new Unmet("the end of the connection", JSON.stringify(text));
    }
    this.transcript.push("< (end)");
  }

  /** The bytes received after the last answer, as latin1. */
  rest(): string {
    return this.#bytes.toString("latin1");
  }

  /** Reads an answer to its end and discards it. @returns The length of its body. */
  async discards(): Promise<number> {
    this.#socket.resume();
    const end = await this.#until("an answer", () => {
      const at = this.#bytes.indexOf("\r\n\r\n");
      return at === -1 ? undefined : at;
    });
    const head = this.#take(end + 4).toString("latin1");
    const length = Number(/^content-length: (\d+)\r$/im.exec(head)?.[1]);
    for (let count = 0; ; ) {
      await this.#until(`${length} bytes`, () => this.#bytes.length > 0 || undefined);
      count += this.#take(Math.min(this.#bytes.length, length - count)).length;
      if (count === length) return count;
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Ends the connection so that the server sees a reset. */
  resets(): void {
    this.transcript.push("> (reset)");
    this.#socket.resetAndDestroy();
  }

  async #body(
    method: string,
    status: number,
    fields: ReadonlyMap<string, string>,
  ): Promise<Buffer> {
    if (method === "HEAD" || status < 200 || status === 204 || status === 304) {
      return Buffer.alloc(0);
    }
    if (fields.get("transfer-encoding")?.toLowerCase() === "chunked")
      return this.#chunks();
    const text = fields.get("content-length");
    if (text === undefined) {
      await this.#until("the end of a body", () => (this.#isOver ? true : undefined));
      return this.#take(this.#bytes.length);
    }
    const length = Number(text);
    await this.#until(`${length} bytes`, () => this.#bytes.length >= length || undefined);
    return this.#take(length);
  }

  async #chunks(): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (;;) {
      const end = await this.#until("a chunk", () => {
        const at = this.#bytes.indexOf("\r\n");
        return at === -1 ? undefined : at;
      });
      const size = Number.parseInt(this.#take(end + 2).toString("latin1"), 16);
      await this.#until("a chunk", () => this.#bytes.length >= size + 2 || undefined);
      pieces.push(this.#take(size + 2).subarray(0, size));
      if (size === 0) return Buffer.concat(pieces);
    }
  }

  #take(count: number): Buffer {
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  /** Waits for `look` to find something. */
  async #until<Found>(what: string, look: () => Found | undefined): Promise<Found> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#news();
    }, this.#patience);
    try {
      for (;;) {
        const found = look();
        if (found !== undefined) return found;
        const got = shown(this.#bytes.toString("latin1", 0, 200));
        if (this.#isOver)
          throw new Unmet(what, `the end of the connection, after ${got}`);
        if (isLate) throw new Unmet(what, `nothing in time, after ${got}`);
        await new Promise<void>((resolve) => {
          this.#news = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
    }
  }
}

function shown(text: string): string {
  return text.length > 300
    ? `${JSON.stringify(text.slice(0, 300))}…`
    : JSON.stringify(text);
}
