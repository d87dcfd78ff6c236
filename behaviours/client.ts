// A client that a behaviour drives: it sends, and checks what it receives.
import type { Socket } from "node:net";
import { dial, LineClient, Missed } from "./line-client.ts";
import { quoted, shorten, withoutControls } from "./quoting.ts";

/** A behaviour that a server does not have: what was expected, and what came instead. */
export class Unmet extends Error {
  readonly expected: string;
  readonly got: string;
  /** The two lines, whole, when one line was expected and another one came. */
  readonly lines: { readonly expected: string; readonly got: string } | undefined;

  constructor(expected: string, got: string, lines?: Unmet["lines"]) {
    super(withoutControls(`expected ${expected}, got ${got}`));
    this.expected = withoutControls(expected);
    this.got = withoutControls(got);
    this.lines = lines;
  }

  /** Whether the server ended the connection, or accepts none. */
  get isCut(): boolean {
    return /^a reset$|^the end of the connection|^ECONN/.test(this.got);
  }
}

/**
 * A defect that a server does not have: it did everything up to that point, and then what a
 * server without the defect does.
 */
export class Cured extends Unmet {}

/** A server that could not be connected to. `got` is the code of the error, or `no answer`. */
export class NotConnected extends Unmet {
  /** The server's address, as a message names it. */
  readonly address: string;

  constructor(label: string, address: string, got: string) {
    super(`${label} to connect to ${address}`, got);
    this.address = address;
  }
}

/** A server that did not greet the first client of a behaviour. */
export class NotGreeted extends Unmet {}

export interface ClientOptions {
  host: string;
  port: number;
  /** The client's name in the transcript. */
  label: string;
  /** How long to wait for each expected answer, in milliseconds. */
  patience: number;
  /** Whether a user with this name may be on the server without our doing. */
  readonly isStranger: (name: string) => boolean;
  /** The name of the user whose arrival or departure a line announces, if it does. */
  announced: (line: string) => string | undefined;
  /** What all clients of a behaviour have sent and received, in order. */
  transcript: string[];
}

/**
 * Connects to the server under test.
 *
 * @throws {Unmet} When the server refuses, or does not answer in time.
 */
export async function open(
  options: Pick<ClientOptions, "host" | "port" | "label" | "patience">,
): Promise<Socket> {
  const { host, port, label, patience } = options;
  try {
    return await dial(host, port, patience);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const got = code === undefined || code === "ABORT_ERR" ? "no answer" : code;
    throw new NotConnected(label, `${host} port ${port}`, got);
  }
}

/** How long all lines of a flood may take, as a multiple of the patience for one line. */
const ALL_TIMES = 5;

/** One connection to the server under test. */
export class Client extends LineClient {
  /** The name that the server has given the client; empty before step 09. */
  name = "";
  readonly #options: ClientOptions;
  #bytes = 0;

  constructor(socket: Socket, options: ClientOptions) {
    super(options.label, socket, options.patience);
    this.#options = options;
  }

  /** How many bytes have been received. */
  get received(): number {
    return this.#bytes;
  }

  /** Sends a line. */
  send(line: string): void {
    this.sendBytes(`${line}\n`);
  }

  /** Sends bytes as they are, in one write. */
  sendBytes(data: string | Uint8Array): void {
    this.#note("→", typeof data === "string" ? data.replace(/\n$/, "") : `${data}`);
    this.socket.write(data);
  }

  /**
   * Sends bytes, and expects the server to read all of them, even after its own end.
   *
   * @param text More than the kernels of both sides buffer: otherwise it proves nothing.
   */
  async sendsAll(text: string): Promise<void> {
    const wanted = `the server to read all that ${this.label} sends`;
    this.#note("→", `${shorten(text)}`);
    const { patience } = this.#options;
    const reason = await new Promise<string | undefined>((resolve) => {
      const timer = setTimeout(resolve, patience, `nothing within ${patience / 1000} s`);
      this.socket.write(text, (error) => {
        clearTimeout(timer);
        resolve(error ? "a reset" : undefined);
      });
    });
    if (reason !== undefined) throw new Unmet(wanted, reason);
  }

  /** Sends bytes one at a time, each in its own packet if possible. */
  async dribbles(text: string): Promise<void> {
    this.#note("→", `${text.replace(/\n$/, "")} (byte by byte)`);
    for (const byte of Buffer.from(text)) {
      this.socket.write(Uint8Array.of(byte));
      await new Promise(setImmediate);
    }
  }

  /** Expects a line next. Lines that announce other users' arrival or departure are skipped. */
  async sees(expected: string | RegExp): Promise<string> {
    const wanted = typeof expected === "string" ? quoted(expected) : `${expected}`;
    const strict = typeof expected === "string" && this.#isAboutOthers(expected);
    const line = await this.#next(`${this.label} to see ${wanted}`, strict);
    if (typeof expected === "string" ? line === expected : expected.test(line))
      return line;
    const lines = typeof expected === "string" ? { expected, got: line } : undefined;
    throw new Unmet(`${this.label} to see ${wanted}`, quoted(line), lines);
  }

  /**
   * Expects a line to begin with `part`, before the rest of `whole` has come.
   *
   * @param part The first character, or the first few.
   */
  async seesBeginning(part: string, whole: string): Promise<void> {
    const wanted = `${this.label} to see ${quoted(part)}, and the rest of the line later`;
    const isHere = () => this.text.startsWith(part) || this.look() !== undefined;
    await this.#expect(wanted, isHere);
    const line = this.look() ?? this.text;
    if (line !== this.text || line.startsWith(whole)) {
      throw new Unmet(wanted, quoted(line));
    }
    this.#note("←", part);
  }

  /**
   * Expects all these lines next, one after the other.
   *
   * @throws {Unmet} When one does not come, or when all of them take far too long: a server
   * that limits the rate of lines could send each in time, and still take hours.
   */
  async seesAll(expected: readonly string[]): Promise<void> {
    const limit = ALL_TIMES * this.#options.patience;
    const deadline = Date.now() + limit;
    for (const [index, line] of expected.entries()) {
      if (Date.now() > deadline) {
        throw new Unmet(
          `${this.label} to see ${expected.length} lines within ${limit / 1000} s (if the ` +
            "server limits how fast clients may send, that limit must be off here)",
          `${index} of them`,
        );
      }
      await this.sees(line);
    }
  }

  /**
   * Expects the line that shows a defect.
   *
   * @param cure The line that a server without the defect sends in its place.
   * @throws {Cured} When that comes instead. @throws {Unmet} When neither comes.
   */
  async seesDefect(defect: string, { cure }: { cure: string }): Promise<void> {
    const wanted = `${this.label} to see ${quoted(defect)} or ${quoted(cure)}`;
    const line = await this.#next(wanted, false);
    if (line === cure) throw new Cured(wanted, quoted(line));
    if (line !== defect) throw new Unmet(wanted, quoted(line));
  }

  /**
   * Returns the next line, whatever it is.
   *
   * @param strict Whether to include lines that announce other users' arrival or departure.
   */
  line(wanted = "a line", strict = false): Promise<string> {
    return this.#next(`${this.label} to see ${wanted}`, strict);
  }

  /**
   * Checks that nothing has come so far. This proves something only after another client's fence.
   *
   * @param cure Where silence is a defect: the line that a server without it sends.
   * @throws {Cured} When that line has come.
   */
  hasSeenNothing(cure?: string): void {
    const line = this.look();
    if (line !== undefined && line === cure) {
      throw new Cured(`${this.label} to see nothing yet`, quoted(line));
    }
    if (line !== undefined || this.end) {
      throw new Unmet(
        `${this.label} to see nothing yet`,
        line === undefined ? this.#endInWords() : quoted(line),
      );
    }
  }

  /** Expects the connection to end without a further line. */
  async seesEnd(): Promise<void> {
    const line = await this.#nextOrEnd(`${this.label} to see the connection end`, false);
    if (line !== undefined) {
      throw new Unmet(`${this.label} to see the connection end`, quoted(line));
    }
  }

  /** Returns the next line; undefined when the connection ends first. */
  lineOrEnd(wanted: string): Promise<string | undefined> {
    return this.#nextOrEnd(`${this.label} to see ${wanted}`, false);
  }

  /** Expects the connection to end, after any lines. @returns Those lines. */
  async seesEndSomeTime(): Promise<string[]> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.#nextOrEnd(`${this.label} to see the connection end`, true);
      if (line === undefined) return lines;
      lines.push(line);
    }
  }

  /** Reads slowly, a little at a time, until the end. @returns How many bytes came. */
  async countsSlowly(): Promise<number> {
    while (this.end === undefined) {
      this.socket.pause();
      await new Promise(setImmediate);
      this.socket.resume();
      const before = this.#bytes;
      await this.#expect(
        `${this.label} to get more than ${before} bytes`,
        () => this.#bytes > before || this.end !== undefined,
      );
    }
    return this.#bytes;
  }

  /** Stops reading, so that the socket buffers of both sides fill up. */
  pauses(): void {
    this.#note("·", "stops reading");
    this.socket.pause();
  }

  resumes(): void {
    this.#note("·", "reads on");
    this.socket.resume();
  }

  override finishes(): void {
    this.#note("·", "finishes sending");
    super.finishes();
  }

  /** Closes the connection. Resolves when the server has closed its side too. */
  async leaves(): Promise<void> {
    this.finishes();
    this.socket.resume();
    await this.#expect(
      `the server to close ${this.label}'s connection`,
      () => this.end !== undefined,
    );
    this.destroy();
  }

  override async resets(): Promise<void> {
    this.#note("·", "resets the connection");
    await super.resets();
  }

  protected override receive(text: string): void {
    super.receive(text);
    this.#bytes += Buffer.byteLength(text);
  }

  async #next(wanted: string, strict: boolean): Promise<string> {
    const line = await this.#nextOrEnd(wanted, strict);
    if (line !== undefined) return line;
    throw new Unmet(wanted, this.#endInWords());
  }

  async #nextOrEnd(wanted: string, strict: boolean): Promise<string | undefined> {
    for (;;) {
      await this.#expect(
        wanted,
        () => this.look() !== undefined || this.end !== undefined,
      );
      const line = this.take();
      if (line === undefined) return undefined;
      this.#note("←", line);
      if (this.#isAboutStranger(line)) continue;
      if (strict || !this.#isAboutOthers(line)) return line;
    }
  }

  /** Waits for a condition. @throws {Unmet} With what was wanted, when it does not come. */
  async #expect(wanted: string, condition: () => boolean): Promise<void> {
    try {
      await this.until(condition);
    } catch (error) {
      if (!(error instanceof Missed)) throw error;
      const half = this.text !== "" && !this.text.includes("\n");
      const rest = half ? ` after ${quoted(this.text)}, which has no line end` : "";
      throw new Unmet(wanted, error.message + rest);
    }
  }

  #endInWords(): string {
    return this.end === "reset" ? "a reset" : "the end of the connection";
  }

  #isAboutOthers(line: string): boolean {
    const name = this.#options.announced(line);
    return name !== undefined && name !== this.name;
  }

  #isAboutStranger(line: string): boolean {
    const { announced, isStranger } = this.#options;
    const name = announced(line);
    return name !== undefined && isStranger(name);
  }

  #note(arrow: string, text: string): void {
    for (const line of text.split("\n").slice(0, 20)) {
      this.#options.transcript.push(`${this.label} ${arrow} ${shorten(line)}`);
    }
  }
}
