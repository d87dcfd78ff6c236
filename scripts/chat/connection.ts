// The connection to a server: lines come and go, and what is lost is made again.
import { connect, type Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";

export type ConnectionEvent =
  | { readonly kind: "connected" }
  | { readonly kind: "lines"; readonly lines: readonly string[] }
  /** It is lost, or could not be made: the next attempt comes at `until`. */
  | { readonly kind: "lost"; readonly reason: string; readonly until: number }
  | { readonly kind: "trying" };

/** Where the time comes from; tests have their own. */
export interface Clock {
  /** Milliseconds, from any point on. */
  now(): number;
  /** Calls back after `ms` milliseconds, unless the returned function is called before. */
  after(ms: number, callback: () => void): () => void;
}

/** The clock of the machine; it is never set, unlike the one on the wall. */
export const CLOCK: Clock = {
  now: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

export interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly listen: (event: ConnectionEvent) => void;
  readonly clock?: Clock;
  /** From 0 to less than 1, as `Math.random`. */
  readonly random?: () => number;
}

const FIRST_DELAY_MS = 1000;
const MAX_DELAY_MS = 30_000;
/** One that lasted so long was a good one: the next attempts begin with short delays. */
const GOOD_MS = 10_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** A peer that has vanished without a word is noticed by asking after it. */
const KEEP_ALIVE_MS = 30_000;
/** Of a line that does not end no more is kept; the rest is a line of its own. */
const MAX_LINE = 64 * 1024;

/**
 * How long to wait before attempt number `attempt`, from 0, in milliseconds: 1 s, 2 s, 4 s
 * and so on to 30 s, less up to a quarter, lest all clients of a server that fell come
 * back at the same moment.
 */
export function delayBefore(attempt: number, random: number): number {
  const longest = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return longest * (1 - random / 4);
}

/** A connection that comes back by itself, until it is closed. */
export class Connection {
  readonly #options: Required<ConnectionOptions>;
  #socket: Socket | undefined;
  #attempt = 0;
  #closed = false;
  #cancelTimer = () => {};

  constructor(options: ConnectionOptions) {
    this.#options = { clock: CLOCK, random: Math.random, ...options };
  }

  /**
   * Connects for the first time, and only once.
   *
   * @throws {Error} Its message says why there is no connection; no other attempt follows.
   */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#connect(resolve, (reason) => reject(new Error(reason)));
    });
  }

  /** Sends lines, in order. @returns false when there is no connection to send them by. */
  send(lines: readonly string[]): boolean {
    const socket = this.#socket;
    if (socket === undefined || socket.connecting || !socket.writable) return false;
    if (lines.length > 0) socket.write(`${lines.join("\n")}\n`);
    return true;
  }

  /** Ends the connection for good. */
  close(): void {
    this.#closed = true;
    this.#cancelTimer();
    const socket = this.#socket;
    if (socket?.connecting) socket.destroy();
    // What is still to be sent is sent; the process need not wait for the answer.
    socket?.end().unref();
  }

  #connect(onConnected: () => void, onFailed: (reason: string) => void): void {
    const { host, port, clock, listen } = this.#options;
    const socket = connect({ host, port, noDelay: true });
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    this.#socket = socket;
    let connectedAt: number | undefined;
    let problem: NodeJS.ErrnoException | undefined;
    this.#cancelTimer = clock.after(CONNECT_TIMEOUT_MS, () => {
      socket.destroy(Object.assign(new Error("timeout"), { code: "ETIMEDOUT" }));
    });
    const lines = new Lines();
    socket.on("connect", () => {
      this.#cancelTimer();
      connectedAt = clock.now();
      onConnected();
      listen({ kind: "connected" });
    });
    socket.on("data", (bytes) => {
      const whole = lines.add(bytes);
      if (whole.length > 0 && !this.#closed) listen({ kind: "lines", lines: whole });
    });
    socket.on("error", (error) => {
      problem = error;
    });
    socket.on("close", () => {
      this.#cancelTimer();
      this.#socket = undefined;
      const rest = lines.end();
      if (this.#closed) return;
      if (rest.length > 0) listen({ kind: "lines", lines: rest });
      const reason = reasonOf(problem);
      if (connectedAt === undefined) onFailed(reason);
      else {
        if (clock.now() - connectedAt >= GOOD_MS) this.#attempt = 0;
        this.#retry(reason);
      }
    });
  }

  #retry(reason: string): void {
    const { clock, random, listen } = this.#options;
    const delay = delayBefore(this.#attempt, random());
    this.#attempt += 1;
    this.#cancelTimer = clock.after(delay, () => {
      listen({ kind: "trying" });
      this.#connect(
        () => {},
        (why) => this.#retry(why),
      );
    });
    listen({ kind: "lost", reason, until: clock.now() + delay });
  }
}

/** Makes whole lines of what comes in pieces. */
class Lines {
  // Keeps back the first bytes of a character whose last ones have not come yet.
  readonly #decoder = new StringDecoder("utf8");
  #rest = "";

  add(bytes: Buffer): string[] {
    const lines = (this.#rest + this.#decoder.write(bytes)).split("\n");
    this.#rest = lines.pop() ?? "";
    if (this.#rest.length > MAX_LINE) {
      lines.push(this.#rest);
      this.#rest = "";
    }
    return lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  }

  /** What came after the end of the last line. */
  end(): string[] {
    const rest = this.#rest + this.#decoder.end();
    return rest === "" ? [] : [rest];
  }
}

function reasonOf(error: NodeJS.ErrnoException | undefined): string {
  switch (error?.code) {
    case undefined:
      return error?.message || "the server closed it";
    case "ECONNREFUSED":
      return "nothing listens there";
    case "ECONNRESET":
      return "the server reset it";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "there is no host of that name";
    case "ETIMEDOUT":
      return "it does not answer";
    default:
      return error?.message || `${error?.code}`;
  }
}
