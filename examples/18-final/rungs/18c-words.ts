// 18c-words: 18b, and rules for names, rooms and messages.
// Page: docs/18-final.md
// Defect: Ctrl-C cuts everyone off; 18d fixes that.
import { on, once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { pino } from "pino";
import pretty from "pino-pretty";
import { Lagged } from "../../shared/broadcast.ts";
import { choice, commandLine, ipAddress, number, toggle } from "../../shared/flags.ts";
import { readLineBatches } from "../../shared/line-batches.ts";
import { listed } from "../../shared/listed.ts";
import { addressOf, whyNotListening } from "../../shared/listening.ts";
import { distinctNames, takeName } from "../../shared/names.ts";
import { isLongerThan } from "../../shared/safe-text.ts";
import { finish, write } from "../../shared/socket.ts";

const HELP = readFileSync(new URL("../help.txt", import.meta.url), "utf8");
const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];
const FLAGS = {
  "Where it listens": {
    ip: ipAddress("127.0.0.1", "the address", { short: "i" }),
    port: number(42069, "the port, 0: any", { short: "p", env: "PORT", max: 65535 }),
  },
  "What a client may send": {
    "max-message": number(400, "characters of a message", { min: 1 }),
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
/** The maximum length of a line, in bytes. */
const MAX_LINE = 1024 * 1024;
/** The maximum length of a line of a list without its newline, in bytes. */
const LIST_LINE = 4094;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{1,19}$/;
/** Names that nobody may take, because they would not look like a user's. */
const RESERVED = new Set(["server", "system", "admin", "you", "main"]);

const options = commandLine(
  "A chat server. Connect with any line client, such as telnet or nc.",
  FLAGS,
);
const log = openLog();

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
  name: string;
  room: Room;
  /** The number of the next message of the room to write to the socket. */
  cursor: number;
  /** The kernel's send buffer is full; more would only fill memory. */
  needsDrain: boolean;
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
    this.deliver(user);
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

  /** Writes to a user what it has not received yet, unless its socket is full. */
  deliver(user: User): void {
    if (user.cursor === this.#end || user.needsDrain) return;
    writeTo(user, this.#since(user.cursor));
    user.cursor = this.#end;
  }

  #flush(): void {
    this.#flushing = false;
    if (this.#flushed === this.#end) return;
    const began = performance.now();
    const batch = this.#since(this.#flushed);
    let slowest = this.#end;
    for (const user of this.#users) {
      if (user.cursor === this.#flushed && !user.needsDrain) {
        writeTo(user, batch);
        user.cursor = this.#end;
        continue;
      }
      this.deliver(user);
      const missed = this.#end - CAPACITY - user.cursor;
      if (missed > 0) {
        user.socket.destroy(new Lagged(missed));
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

  #since(cursor: number): Buffer {
    return Buffer.concat(this.#log.slice(cursor - this.#start));
  }
}

/** Writes to a user. A full socket emits `drain` once the system has taken everything. */
function writeTo(user: User, data: Buffer | string): void {
  user.needsDrain = !user.socket.write(data) && user.socket.writableLength > 0;
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
const server = createServer({ allowHalfOpen: true, noDelay: true });
server.listen(options.port, options.ip);
try {
  await once(server, "listening");
} catch (error) {
  console.error(whyNotListening(options, error as Error));
  process.exit(1);
}
console.log(`listening on ${addressOf(server)}`);

for await (const [socket] of on(server, "connection")) {
  // A pending read or write reports a lost connection. While neither is pending, an 'error'
  // event without a listener would crash the process.
  socket.on("error", () => {});
  // Not awaited: it is a task of its own. An error in it ends this client, and no other.
  handleUser(socket)
    .then(() => finish(socket))
    .catch((error: Error) => {
      log.error({ error: error.stack }, "lost a user");
      socket.destroy();
    });
}

async function handleUser(socket: Socket): Promise<void> {
  const room = rooms.open("main");
  const name = names.takeRandom();
  const user: User = { socket, name, room, cursor: 0, needsDrain: false };
  socket.on("drain", () => {
    user.needsDrain = false;
    user.room.deliver(user);
  });
  try {
    room.join(user);
    log.info(who(user), "connected");
    await write(socket, `${HELP}You are ${user.name}\nYou joined ${room.name}\n`);
    await converse(user);
  } catch (error) {
    if (!socket.destroyed) throw error;
    log.warn({ ...who(user), why: (error as Error).message }, "lost");
  } finally {
    rooms.leave(user.room, user);
    names.free(user.name);
    log.info(who(user), "disconnected");
  }
}

/** Reads and answers a client's lines, until it leaves. */
async function converse(user: User): Promise<void> {
  const { socket } = user;
  for await (const lines of readLineBatches(socket, MAX_LINE)) {
    for (const line of lines) {
      if (!line.startsWith("/")) await say(user, line);
      else if ((await obey(user, line)) === "quit") return;
    }
  }
}

function say(user: User, line: string): Promise<void> | undefined {
  const limit = options["max-message"];
  if (isLongerThan(line, limit)) {
    return reply(user, `Messages can only be ${limit} chars long`);
  }
  user.room.send(`${user.name}: ${line}`);
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

/** Answers a client, after what was said in the room before, unless its socket is full. */
async function reply(user: User, ...lines: string[]): Promise<void> {
  user.room.deliver(user);
  await write(user.socket, lines.map((line) => `${line}\n`).join(""));
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

/** A user in the log: its address is the same under all names. */
function who({ name, socket }: User) {
  // Known even after a reset, because Node keeps an address that was read before.
  return { user: name, from: socket.remoteAddress };
}

/** Readable text on a terminal, else JSON. */
function openLog() {
  const output = process.stderr.isTTY
    ? pretty({ destination: 2, sync: true })
    : pino.destination(2);
  return pino({ level: options["log-level"] }, output);
}
