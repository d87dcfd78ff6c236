// One bot: a connection that talks when it is its turn, and counts what it receives.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { refusalOf } from "../refusal.ts";
import type { Kind } from "./crew.ts";
import { pick, sentence } from "./sentences.ts";

/** The rooms that travellers visit. The server puts everyone into the first one. */
const ROOMS = ["main", "kitchen", "attic", "garden", "harbour"] as const;
/** How many characters of a line are kept. No name, and no notice, is longer. */
const HEAD = 256;
const HUNG_UP = 'it hung up before it said "You are NAME"';

export interface Address {
  readonly host: string;
  /** From 1 to 65535. */
  readonly port: number;
}

/** Thrown when there is no connection to a chat. The message says why. */
export class ConnectError extends Error {
  override readonly name = "ConnectError";
  /** Whether something accepted the connection. */
  readonly accepted: boolean;

  constructor(message: string, accepted: boolean) {
    super(message);
    this.accepted = accepted;
  }
}

export class Bot {
  kind: Kind = "talker";
  /** The name that the server has given it; empty until then. */
  name = "";
  /** Whether the server's help text lists `/join`. */
  hasRooms = false;
  /** How many messages it has sent, and how many of them have come back. */
  sent = 0;
  echoes = 0;
  /** How many messages of others it has received. */
  others = 0;
  /** How many messages the server reports as dropped. */
  dropped = 0;
  /** How often it has changed rooms. */
  moves = 0;
  /** Whether the connection has ended, and whether it was meant to. */
  gone = false;
  quitting = false;
  readonly #socket: Socket;
  #room: string = ROOMS[0];
  /** The beginning of an incomplete line. */
  #rest = "";
  #helpTexts = 0;
  #onGreeting = (_problem?: string) => {};

  constructor(socket: Socket) {
    this.#socket = socket.setEncoding("utf8");
    socket.on("data", (text: string) => {
      const lines = (this.#rest + text).split("\n");
      this.#rest = (lines.pop() ?? "").slice(0, HEAD);
      for (const line of lines) this.#read(line);
    });
    socket.on("close", () => {
      this.gone = true;
    });
  }

  /** How many bytes it has received. */
  get bytes(): number {
    return this.#socket.bytesRead;
  }

  /**
   * Waits until the server has given it a name. It also asks for help: a server that
   * answers this before it gives a name gives none, and fails at once.
   *
   * @throws {ConnectError} When this is no chat.
   */
  greeting(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#onGreeting = (problem) => {
        if (problem === undefined) resolve();
        else reject(new ConnectError(problem, true));
      };
      this.#socket.on("close", () => this.#onGreeting(HUNG_UP));
      signal.onabort = () => this.#onGreeting('it does not say "You are NAME"');
      this.#socket.write("/help\n");
    });
  }

  /** Sends a sentence. A traveller may move to another room first. */
  takeTurn(): void {
    // A server that has stopped reading must not fill our memory.
    if (!this.#socket.writable || this.#socket.writableNeedDrain) return;
    // A user who leaves a room misses the last messages there (steps 13 to 16), even its
    // own, so a traveller waits until all of its messages have come back.
    let lines = `${sentence()}\n`;
    if (this.kind === "traveller" && this.sent === this.echoes && Math.random() < 0.5) {
      this.#room = pick(ROOMS.filter((room) => room !== this.#room));
      this.moves += 1;
      lines = `/join ${this.#room}\n${lines}`;
    }
    this.#socket.write(lines);
    this.sent += 1;
  }

  /** Quits, but still counts what arrives until the server has closed the connection. */
  quit(): void {
    if (this.gone) return;
    this.quitting = true;
    this.#socket.end("/quit\n");
  }

  /** Cuts the connection. */
  destroy(): void {
    this.quitting ||= !this.gone;
    this.#socket.destroy();
  }

  #read(line: string): void {
    if (this.name === "") {
      this.#readGreeting(line.trimEnd());
      return;
    }
    // In step 09 two bots may have the same name, but their sum is still right.
    const own = line.startsWith(`${this.name}: `) && this.echoes < this.sent;
    if (own) this.echoes += 1;
    else if (/^\S{1,99}: /.test(line)) this.others += 1;
    else this.dropped += Number(/^Server .* dropped (\d+) messages/.exec(line)?.[1] ?? 0);
  }

  #readGreeting(line: string): void {
    if (line === "Server commands") this.#helpTexts += 1;
    if (line.startsWith("  /join ")) this.hasRooms = true;
    this.name = /^You are (\S+)$/.exec(line)?.[1] ?? "";
    if (this.name !== "") this.#onGreeting();
    else if (this.#helpTexts > 1 || line.startsWith("/help")) {
      this.#onGreeting("it gives no names, as steps from 09 on do");
    }
  }
}

/**
 * Connects and waits for `You are NAME`.
 *
 * @throws {ConnectError} When there is no connection or no chat, or the signal aborts.
 */
export async function connectBot(
  { host, port }: Address,
  signal: AbortSignal,
): Promise<Bot> {
  const socket = connect({ host, port, noDelay: true });
  // After the greeting, `close` reports the end of the connection.
  socket.on("error", () => {});
  try {
    await once(socket, "connect", { signal });
    const bot = new Bot(socket);
    await bot.greeting(signal);
    return bot;
  } catch (error) {
    socket.destroy();
    if (error instanceof ConnectError) throw error;
    // A client that is reset at once may never notice that it was connected.
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ECONNRESET") throw new ConnectError(HUNG_UP, true);
    throw new ConnectError(refusalOf(error as Error), false);
  }
}
