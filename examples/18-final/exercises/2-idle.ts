// 18-2-idle: a client that says nothing for too long is disconnected.
// Page: docs/18-final.md, exercise 2
import { readFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { constants } from "node:os";
import { pino } from "pino";
import { prettyFactory } from "pino-pretty";
import { isLoopback, NetworkCount } from "../../shared/client-address.ts";
import { CountingLog } from "../../shared/counting-log.ts";
import {
  choice,
  commandLine,
  ipAddress,
  number,
  seconds,
  toggle,
} from "../../shared/flags.ts";
import { LineDecoder } from "../../shared/line-batches.ts";
import { listed } from "../../shared/listed.ts";
import { addressOf, whyNotListening } from "../../shared/listening.ts";
import { distinctNames, takeName } from "../../shared/names.ts";
import { CHUNK, OutQueue } from "../../shared/out-queue.ts";
import { pause, readPieces } from "../../shared/pieces.ts";
import { Refusals } from "../../shared/refusals.ts";
import { isBlank, isLongerThan, safeTextOf } from "../../shared/safe-text.ts";
import { Tally } from "../../shared/tally.ts";
import { TelnetFilter } from "../../shared/telnet.ts";
import { TokenBucket } from "../../shared/token-bucket.ts";

const HELP = readFileSync(new URL("../help.txt", import.meta.url), "utf8");
const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];
const IDLE = { min: 0.1, env: "MAX_IDLE" };
/** The range that Linux accepts, in seconds (tcp(7), TCP_KEEPIDLE). */
const KEEP_ALIVE = { min: 1, max: 32767 };
const FLAGS = {
  "Where it listens": {
    ip: ipAddress("127.0.0.1", "the address", { short: "i" }),
    port: number(42069, "the port, 0: any", { short: "p", env: "PORT", max: 65535 }),
  },
  "What a client may send": {
    "max-message": number(400, "characters of a message", { min: 1 }),
    "max-line": number(16384, "bytes without a line end", { min: 64 }),
    burst: number(20, "lines at once", { min: 1 }),
    "max-idle": seconds(3600, "seconds in which it says nothing", IDLE),
    rate: number(10, "lines a second after that, 0: no limit", { fraction: true }),
  },
  "What a client may leave unread": {
    "max-queued": number(262144, "bytes queued besides the room's log", { min: 4096 }),
    "max-stuck": seconds(30, "seconds in which it takes nothing", { min: 0.1 }),
  },
  "Who may connect": {
    "max-clients": number(10000, "connections in all", { min: 1 }),
    "per-address": number(16, "connections from one address", { min: 1 }),
    "limit-loopback": toggle("from this machine too"),
    "keep-alive": number(60, "seconds until TCP probes a silent peer", KEEP_ALIVE),
  },
  "How it ends": {
    grace: seconds(5, "seconds for clients to take their last lines"),
  },
  "What it says": {
    "log-level": choice("info", "how much is logged", LEVELS, { env: "LOG_LEVEL" }),
    help: toggle("prints this", { short: "h" }),
  },
};

/** How many messages a room keeps for a member that does not keep up. */
const CAPACITY = 1024;
/** A flush of notices waits this many times as long as the last flush took. */
const NOTICE_DELAY = 10;
/** The maximum length of a line of a list without its newline, in bytes. */
const LIST_LINE = 4094;
/** The period in which a repeated event is logged once, then counted, in milliseconds. */
const TALLY_PERIOD = 10_000;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{1,19}$/;
/** Names that nobody may take, because they would not look like a user's. */
const RESERVED = new Set(["server", "system", "admin", "you", "main"]);
/** How an HTTP request and a TLS handshake begin; no chat client starts like that. */
const HTTP = /^[A-Z][A-Z\d_-]* \S+ HTTP\/\d/;
const TLS_HELLO = 22;

const options = commandLine(
  "A chat server. Connect with any line client, such as telnet or nc.",
  FLAGS,
);
const log = openLog();
const tally = new Tally(TALLY_PERIOD, (event, times) => log.warn({ times }, event));

/** The names in use, without regard to case. */
class Names {
  readonly #taken = new Set<string>();
  readonly #fresh = distinctNames();

  /** Takes a name. @returns false when another user has it. */
  take(name: string): boolean {
    const key = name.toLowerCase();
    if (RESERVED.has(key) || this.#taken.has(key)) return false;
    this.#taken.add(key);
    return true;
  }

  /** Takes a name that nobody has: nearly always the first that it tries. */
  takeRandom(): string {
    return takeName(this.#fresh, (name) => this.take(name));
  }

  /** Gives a name back, so that others can take it. */
  free(name: string): void {
    this.#taken.delete(name.toLowerCase());
  }
}

interface User {
  readonly socket: Socket;
  /** What is queued for it outside its room's log. */
  readonly out: OutQueue;
  name: string;
  room: Room;
  /** The number of the next message of the room to write to the socket. */
  cursor: number;
  /** When it last sent something, by `performance.now()`. */
  spokeAt: number;
  /** How many messages it missed by being too slow, and has not been notified of yet. */
  missed: number;
}

/**
 * A room keeps its messages as bytes, encoded once, until every member's socket has taken
 * them. All messages of a turn of the event loop go in a single write.
 *
 * ```text
 *   message    7   8   9   10  11
 *   #log      [m7  m8  m9  m10 m11]          #start 7
 *   #flushed           ^                     m9 to m11 wait for the end of the turn
 *   Ann                ^                     has received everything flushed, like most
 *   Bob        ^                             does not read what is written to it
 * ```
 */
class Room {
  readonly name: string;
  readonly #users = new Set<User>();
  #log: Buffer[] = [];
  /** The number of the first message in the log. */
  #start = 0;
  /** The number of the first message that no flush has seen. */
  #flushed = 0;
  /** A flush is scheduled for the end of this turn. */
  #flushing = false;
  /** How long the last flush took, in milliseconds. */
  #lastFlushMs = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** How many users are in it. */
  get size(): number {
    return this.#users.size;
  }

  /** Their names, sorted. */
  list(): string[] {
    return Array.from(this.#users, (user) => user.name).sort();
  }

  join(user: User): void {
    this.#announce(`${user.name} joined`);
    this.#users.add(user);
    user.cursor = this.#end;
  }

  leave(user: User): void {
    this.handOver(user);
    this.#users.delete(user);
    this.#announce(`${user.name} left`);
  }

  send(message: string): void {
    // Others may speak in this turn too: wait until every socket has been read.
    if (!this.#flushing) setImmediate(() => this.#flush());
    this.#flushing = true;
    this.#append(message);
  }

  /**
   * Announces who joined or left. Clients that connect at once arrive one per turn: a flush
   * for each would write n lines to n members one by one. Once that is slow, notices wait.
   */
  #announce(message: string): void {
    if (this.#lastFlushMs < 1) {
      this.send(message);
    } else {
      if (this.#end === this.#flushed)
        setTimeout(() => this.#flush(), this.#lastFlushMs * NOTICE_DELAY);
      this.#append(message);
    }
  }

  #append(message: string): void {
    this.#log.push(Buffer.from(`${message}\n`));
    // A member may lag by this many: flush now, or our own delay would make members lag.
    if (this.#end - this.#flushed === CAPACITY) this.#flush();
  }

  /** Writes to a user what it has not received yet, until its socket is full. */
  deliver(user: User): void {
    if (!user.out.ready) return;
    this.#reportMissed(user);
    while (user.out.ready && user.cursor < this.#end) {
      const messages = this.#next(user.cursor);
      user.cursor += messages.length;
      user.out.write(Buffer.concat(messages));
    }
  }

  /**
   * Writes to a user everything that it has not received yet, or queues it: a user that
   * leaves gets all earlier messages, or learns how many it missed.
   */
  handOver(user: User): void {
    this.deliver(user);
    this.#reportMissed(user);
    for (const message of this.#log.slice(user.cursor - this.#start))
      user.out.write(message);
    user.cursor = this.#end;
  }

  #reportMissed(user: User): void {
    if (user.missed === 0) return;
    note("lagged", { ...who(user), missed: user.missed });
    user.out.write(`Server is very busy and dropped ${user.missed} messages, sorry!\n`);
    user.missed = 0;
  }

  #flush(): void {
    this.#flushing = false;
    if (this.#flushed === this.#end) return;
    const began = performance.now();
    const batch = Buffer.concat(this.#log.slice(this.#flushed - this.#start));
    let slowest = this.#end;
    for (const user of this.#users) {
      const isUpToDate = user.cursor === this.#flushed && user.missed === 0;
      if (isUpToDate && user.out.ready && batch.length <= CHUNK) {
        user.out.write(batch);
        user.cursor = this.#end;
        continue;
      }
      this.deliver(user);
      const missed = this.#end - CAPACITY - user.cursor;
      if (missed > 0) {
        user.missed += missed;
        user.cursor += missed;
      }
      slowest = Math.min(slowest, user.cursor);
    }
    this.#log.splice(0, slowest - this.#start);
    this.#start = slowest;
    this.#flushed = this.#end;
    this.#lastFlushMs = performance.now() - began;
  }

  /** The number of the next message. */
  get #end(): number {
    return this.#start + this.#log.length;
  }

  /** The messages from `cursor` on that go in one write: at least one. */
  #next(cursor: number): Buffer[] {
    const from = cursor - this.#start;
    let to = from;
    for (let bytes = 0; to < this.#log.length; to += 1) {
      bytes += this.#log[to]?.length ?? 0;
      if (bytes > CHUNK && to > from) break;
    }
    return this.#log.slice(from, to);
  }
}

/** The rooms, by name without regard to case. */
class Rooms {
  readonly #rooms = new Map<string, Room>();

  /** `main (3)`, `attic (1)`: most users first, then by name. */
  list(): string[] {
    return [...this.#rooms.values()]
      .sort((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1))
      .map((room) => `${room.name} (${room.size})`);
  }

  /** Finds or creates the room with that name. */
  open(name: string): Room {
    const key = name.toLowerCase();
    let room = this.#rooms.get(key);
    if (room === undefined) {
      // The room where all users start is called main, even if one reopens it as MAIN.
      room = new Room(key === "main" ? key : name);
      this.#rooms.set(key, room);
    }
    return room;
  }

  /** Removes a user from a room, and the room itself if it is now empty. */
  leave(room: Room, user: User): void {
    room.leave(user);
    if (room.size === 0) this.#rooms.delete(room.name.toLowerCase());
  }
}

const names = new Names();
const rooms = new Rooms();
/** All users with a connection, including those that have left and still read. */
const users = new Set<User>();
const networks = new NetworkCount();
const refusals = new Refusals();
let stopping = false;

/** The commands, each with the lines of its answer. */
const COMMANDS = new Map<string, (user: User, argument: string) => readonly string[]>([
  ["/help", () => HELP.trimEnd().split("\n")],
  ["/name", rename],
  ["/rooms", () => listed("Rooms - ", rooms.list(), LIST_LINE)],
  ["/join", changeRoom],
  ["/users", (user) => listed("Users - ", user.room.list(), LIST_LINE)],
]);

// A client that has finished sending may still want to read: keep our half open.
// No delay: the room gathers small writes, so the kernel need not (Nagle's algorithm).
const server = createServer({
  allowHalfOpen: true,
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: options["keep-alive"] * 1000,
});
server.on("connection", welcome);
server.on("error", (error: NodeJS.ErrnoException) => {
  // The kernel is out of memory, for example: that may pass, and the chat goes on.
  if (server.listening) return note("cannot accept", { error: error.message });
  console.error(whyNotListening(options, error));
  process.exit(1);
});
// Standard output may be a pipe whose reader goes away.
process.stdout.on("error", () => {});
server.listen(options.port, options.ip, 4096, () => {
  console.log(`listening on ${addressOf(server)}`);
});
setInterval(closeStuck, Math.min(1_000, options["max-stuck"] * 250)).unref();
setInterval(closeIdle, Math.min(1_000, options["max-idle"] * 250)).unref();
process.on("SIGINT", stop);
process.on("SIGTERM", stop);
// A terminal that closes should not take the chat with it.
process.on("SIGHUP", () => log.info("hangup ignored"));

/** Accepts a connection, or says why not. */
function welcome(socket: Socket): void {
  // A pending read or write reports a lost connection. While neither is pending, an 'error'
  // event without a listener would crash the process.
  socket.on("error", () => {});
  const { remoteAddress } = socket;
  const why = remoteAddress === undefined ? "You left" : whyNot(remoteAddress);
  if (remoteAddress === undefined || why !== undefined) {
    note("refused", { from: remoteAddress, why });
    refusals.refuse(socket, `${why}, try again later\n`);
    return;
  }
  socket.on("close", networks.add(remoteAddress));
  // Not awaited: it is a task of its own. An error in it ends this client, and no other.
  handleUser(socket).catch((error: Error) => {
    log.error({ error: error.stack }, "lost a user");
    socket.destroy();
  });
}

/** Why there is no place for a client from this address; undefined when there is one. */
function whyNot(address: string): string | undefined {
  if (users.size >= options["max-clients"]) return "Server is full";
  if (isLoopback(address) && !options["limit-loopback"]) return undefined;
  if (networks.of(address) < options["per-address"]) return undefined;
  return "Too many connections from you";
}

async function handleUser(socket: Socket): Promise<void> {
  const ready = () => user.room.deliver(user);
  const out = new OutQueue(socket, options["max-queued"], ready);
  const room = rooms.open("main");
  const name = names.takeRandom();
  const spokeAt = performance.now();
  const user: User = { socket, out, name, spokeAt, room, cursor: 0, missed: 0 };
  users.add(user);
  socket.on("close", () => users.delete(user));
  try {
    room.join(user);
    log.info(who(user), "connected");
    out.write(`${HELP}You are ${user.name}\nYou joined ${room.name}\n`);
    await converse(user);
  } catch (error) {
    if (!socket.destroyed) throw error;
    note("reset", who(user));
  } finally {
    rooms.leave(user.room, user);
    names.free(user.name);
    log.info(who(user), "disconnected");
    // A client that has finished sending may still be reading: what is queued goes out
    // first. What it still sends is read and dropped, because unread bytes cause a reset.
    out.end();
    socket.resume();
  }
}

/** Reads and answers a client's lines, until it leaves. */
async function converse(user: User): Promise<void> {
  const { socket, out } = user;
  const telnet = new TelnetFilter();
  const decoder = new LineDecoder(options["max-line"], safeTextOf);
  const bucket = new TokenBucket(options.burst, options.rate);
  let isFirst = true;
  for await (const piece of readPieces(socket)) {
    user.spokeAt = performance.now();
    if (isFirst && socket.bytesRead === piece.length && piece[0] === TLS_HELLO) return;
    for (const line of decoder.decode(telnet.filter(piece))) {
      const wait = bucket.take();
      if (wait > 0) {
        // The rest of a flood waits on the flooder's own machine.
        note("flood", who(user));
        await pause(socket, wait);
      }
      if (out.ended || socket.destroyed) return;
      if (isFirst && line !== undefined && HTTP.test(line)) return;
      isFirst = false;
      if (line === undefined) await reply(user, "Lines must be UTF-8");
      else if (!line.startsWith("/")) await say(user, line);
      else if ((await obey(user, line)) === "quit") return;
    }
    if (decoder.tooLong) {
      note("line too long", who(user));
      return reply(user, `Lines can only be ${options["max-line"]} bytes long`);
    }
    if (telnet.ended !== undefined) return;
  }
}

function say(user: User, line: string): Promise<void> | undefined {
  const limit = options["max-message"];
  if (isLongerThan(line, limit)) {
    return reply(user, `Messages can only be ${limit} chars long`);
  }
  if (!isBlank(line)) user.room.send(`${user.name}: ${line}`);
  return undefined;
}

async function obey(user: User, line: string): Promise<"quit" | undefined> {
  const [command = "", argument = ""] = line.split(/\s+/);
  if (command === "/quit") return "quit";
  const answer = COMMANDS.get(command);
  if (answer) await reply(user, ...answer(user, argument));
  else {
    const word = [...command].slice(0, 32).join("");
    await reply(user, `Unrecognized command ${word}, try /help`);
  }
  return undefined;
}

/**
 * Answers a client, after what was said in the room before, unless its socket is full.
 * Waits while too much is queued for the client, and so stops reading from it.
 */
async function reply(user: User, ...lines: string[]): Promise<void> {
  user.room.deliver(user);
  for (const line of lines) {
    await user.out.fits(line.length);
    user.out.write(`${line}\n`);
  }
}

function rename(user: User, name: string): string[] {
  if (!NAME.test(name)) return ["Name must be 2 - 20 alphanumeric chars"];
  if (name === user.name) return [`You are ${name}`];
  const isSame = name.toLowerCase() === user.name.toLowerCase();
  if (!isSame && !names.take(name)) return [`${name} is already taken`];
  log.debug({ user: user.name, to: name }, "renamed");
  user.room.send(`${user.name} is now ${name}`);
  if (!isSame) names.free(user.name);
  user.name = name;
  return [];
}

function changeRoom(user: User, name: string): string[] {
  if (!NAME.test(name)) return ["Room must be 2 - 20 alphanumeric chars"];
  const left = user.room;
  const room = rooms.open(name);
  if (room === left) return [`You are in ${left.name}`];
  rooms.leave(left, user);
  user.room = room;
  room.join(user);
  log.debug({ user: user.name, from: left.name, to: room.name }, "changed room");
  return [`You left ${left.name}`, `You joined ${room.name}`];
}

/** Disconnects clients that take nothing that is queued, or do not close after we have. */
function closeStuck(): void {
  const now = performance.now();
  for (const { name, out, socket } of users) {
    if (out.stuckFor(now) < options["max-stuck"] * 1000) continue;
    log.warn({ user: name, from: socket.remoteAddress, bytes: out.bytes }, "stuck");
    socket.destroy();
  }
}

/** Says goodbye to users that were silent too long. One that does not close is stuck. */
function closeIdle(): void {
  const now = performance.now();
  for (const user of users) {
    const { spokeAt, out, room } = user;
    if (out.ended || now - spokeAt < options["max-idle"] * 1000) continue;
    // What was said before the goodbye goes out before it.
    room.handOver(user);
    out.end(`You said nothing for ${options["max-idle"]} seconds, goodbye!\n`);
  }
}

/** Logs an event that may occur thousands of times: the first in full, then a count. */
function note(event: string, fields: Record<string, unknown>): void {
  if (tally.isFirst(event)) log.warn(fields, event);
}

/** Says goodbye and exits when all have closed, or after `grace`; called again, at once. */
function stop(signal: "SIGINT" | "SIGTERM"): void {
  if (stopping) process.exit(128 + constants.signals[signal]);
  stopping = true;
  tally.flush();
  log.info({ signal, clients: users.size }, "stopping");
  server.close(() => process.exit(0));
  for (const user of users) {
    // What was said before the goodbye goes out before it.
    user.room.handOver(user);
    user.out.end("Server is shutting down, goodbye!\n");
  }
  setTimeout(() => process.exit(0), options.grace * 1000);
}

/** A user in the log: its address is the same under all names. */
function who({ name, socket }: User) {
  // Known even after a reset, because Node keeps an address that was read before.
  return { user: name, from: socket.remoteAddress };
}

/** A log that cannot stop the server: readable text on a terminal, else JSON. */
function openLog() {
  const forPeople = process.stderr.isTTY ? prettyFactory({ colorize: true }) : String;
  const lost = (count: number) =>
    forPeople(
      `${JSON.stringify({ level: 40, time: Date.now(), count, msg: "log lost" })}\n`,
    );
  const output = new CountingLog(2, lost);
  return pino(
    { level: options["log-level"] },
    { write: (line: string) => output.write(forPeople(line)) },
  );
}
