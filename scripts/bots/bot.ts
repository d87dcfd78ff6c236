// One bot: a connection that talks when it is told to, and counts what it hears.
import { connect, type Socket } from "node:net";
import type { Kind } from "./crew.ts";
import { Greeting, type Welcome } from "./greeting.ts";
import type { Random } from "./random.ts";
import { LineScanner } from "./scanner.ts";
import { MAIN, turnOf } from "./turn.ts";

/** Bytes that are read at once at most. Each bot has its own: not every system fills the
 * buffer in the same moment in which it tells of it. */
const CHUNK = 16 * 1024;

export interface Address {
  readonly host: string;
  /** From 1 to 65535. */
  readonly port: number;
}

export interface ConnectOptions extends Address {
  readonly kind: Kind;
  /** How long the connection and the greeting may take together, in milliseconds. */
  readonly patience: number;
  /** Gives up when it aborts. */
  readonly signal: AbortSignal;
  /** Called when messages of its own have come back. */
  readonly onEcho: () => void;
  /** Called when the connection of a bot that was greeted has ended. */
  readonly onGone: () => void;
}

/** Says that there is no connection to a chat. */
export class ConnectError extends Error {
  override readonly name = "ConnectError";
  /** Whether something accepted the connection, if only to say nothing. */
  readonly accepted: boolean;

  /** @param state What is the matter, such as `nothing listens there`. */
  constructor(state: string, accepted: boolean) {
    super(state);
    this.accepted = accepted;
  }
}

/** A bot that has been greeted; made by {@link connectBot}. */
export class Bot {
  kind: Kind;
  readonly welcome: Welcome;
  readonly heard: LineScanner;
  room = MAIN;
  /** How many messages it has sent. */
  sent = 0;
  /** How often it has changed rooms. */
  moves = 0;
  /** Whether the connection has ended. */
  gone = false;
  /** Whether it has said that it goes: it is not lost then. */
  quitting = false;
  readonly #socket: Socket;

  /** @private Call {@link connectBot}. */
  constructor(socket: Socket, kind: Kind, welcome: Welcome) {
    this.#socket = socket;
    this.kind = kind;
    this.welcome = welcome;
    this.heard = new LineScanner(welcome.name);
  }

  /** Whether the connection ended without its having quit. */
  get lost(): boolean {
    return this.gone && !this.quitting;
  }

  /** How many of its messages have not come back yet. */
  get awaited(): number {
    return this.heard.awaited;
  }

  /** How many bytes it has received. */
  get bytes(): number {
    return this.#socket.bytesRead;
  }

  /** Says a sentence, as it is its turn. One that cannot get a word in leaves it out. */
  takeTurn(random: Random): void {
    // A server that does not read any more must not fill our memory.
    if (!this.#socket.writable || this.#socket.writableNeedDrain) return;
    const { join, text } = turnOf(this, random);
    if (join !== undefined) {
      this.room = join;
      this.moves += 1;
    }
    // In one piece: what follows a change of rooms is said in the new one.
    this.#socket.write(join === undefined ? `${text}\n` : `/join ${join}\n${text}\n`);
    this.sent += 1;
    this.heard.sent();
  }

  /** Quits, and still counts what comes until the server has closed the connection. */
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
}

/**
 * Connects and waits for `You are NAME`.
 *
 * @throws {ConnectError} When nothing accepts the connection, when what accepts it does
 * not greet like a chat, and when the signal aborts.
 */
export function connectBot(options: ConnectOptions): Promise<Bot> {
  const { host, port, kind, patience, signal, onEcho, onGone } = options;
  return new Promise((resolve, reject) => {
    const greeting = new Greeting();
    let bot: Bot | undefined;
    let accepted = false;
    const buffer = Buffer.allocUnsafeSlow(CHUNK);
    const callback = (length: number) => {
      if (bot === undefined) {
        // A copy, for what is kept of it must outlive the buffer.
        const welcome = greeting.read(Buffer.from(buffer.subarray(0, length)));
        if (welcome === undefined) return true;
        bot = new Bot(socket, kind, welcome);
        bot.heard.scan(welcome.rest);
        settle();
        resolve(bot);
        return true;
      }
      const before = bot.heard.echoes;
      bot.heard.scan(buffer, length);
      if (bot.heard.echoes !== before) onEcho();
      return true;
    };
    // With `onread` Node fills one buffer again and again, and makes no new one and no event
    // of each chunk: a sixth less work when a hundred thousand chunks come in a second.
    const socket = connect({ host, port, noDelay: true, onread: { buffer, callback } });
    const fail = (state: string) => {
      settle();
      socket.destroy();
      reject(new ConnectError(state, accepted));
    };
    socket.on("connect", () => {
      accepted = true;
    });
    const seconds = patience / 1_000;
    const timer = setTimeout(() => {
      if (accepted) fail(`it does not say "You are NAME" within ${seconds} s`);
      else fail(`no answer within ${seconds} s`);
    }, patience);
    const onAbort = () => fail("given up");
    signal.addEventListener("abort", onAbort);
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    };
    socket.on("error", (error: NodeJS.ErrnoException) => {
      // Who is reset at once may never have seen that it was connected.
      accepted ||= error.code === "ECONNRESET";
      // Of an end after the greeting, `close` tells.
      if (bot === undefined) fail(stateOf(error, accepted));
    });
    socket.on("close", () => {
      if (bot === undefined) return fail('it hung up before it said "You are NAME"');
      bot.gone = true;
      onGone();
    });
    if (signal.aborted) onAbort();
  });
}

function stateOf({ code, message }: NodeJS.ErrnoException, accepted: boolean): string {
  if (accepted) return 'it hung up before it said "You are NAME"';
  switch (code) {
    case "ECONNREFUSED":
      return "nothing listens there";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "there is no host of that name";
    case "EMFILE":
    case "ENFILE":
      return "this machine allows no more open connections (see: ulimit -n)";
    case "EADDRNOTAVAIL":
      return "this machine has no ports left for more connections";
    default:
      return message;
  }
}
