// 18-final: the finished chat: options, logs, limits, and a graceful shutdown.
// Page: docs/18-final.md
// Known limit: it trusts that nobody floods it; one server, one process, no history.
import { on, once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, isIP, type Socket } from "node:net";
import { parseArgs } from "node:util";
import { pino } from "pino";
import pretty from "pino-pretty";
import { LineTooLong, readLineBatches } from "../shared/line-batches.ts";
import { distinctNames } from "../shared/names.ts";
import { finish, write } from "../shared/socket.ts";

const HELP = readFileSync(new URL("help.txt", import.meta.url), "utf8");
const USAGE = `A chat server. Connect with any line client, such as telnet or nc.

  -i, --ip IP      the address to listen on (127.0.0.1)
  -p, --port PORT  the port, 0 for any that is free (the variable PORT, or 42069)
  -h, --help       prints this

LOG_LEVEL says what is logged: trace, debug, info (default), warn, error, fatal, silent.
`;
/** How many messages a room keeps for a member that does not keep up. */
const CAPACITY = 1024;
/** A flush of notices waits this many times as long as the last flush took. */
const NOTICE_DELAY = 10;
/** The most bytes that are read in search of the end of a line. */
const MAX_LINE = 16 * 1024;
/** The most characters of a message, counted as code points. */
const MAX_MESSAGE = 400;
const NAME = /^[A-Za-z0-9_-]{2,20}$/;
/** How long a stopping server waits for its clients to read their last lines, in ms. */
const GRACE = 5_000;

/** The names in use. */
class Names {
  readonly #taken = new Set<string>();
  readonly #fresh = distinctNames();

  /** Takes a name. @returns false when another user has it. */
  take(name: string): boolean {
    if (this.#taken.has(name)) return false;
    this.#taken.add(name);
    return true;
  }

  /** Takes a name that nobody has, nearly always the first that it looks at. */
  takeRandom(): string {
    for (;;) {
      const name = this.#fresh.next().value;
      if (this.take(name)) return name;
    }
  }

  /** Gives a name back, so that others can take it. */
  free(name: string): void {
    this.#taken.delete(name);
  }
}

interface User {
  readonly socket: Socket;
  name: string;
  /** The number of the next message of the room to write to the socket. */
  cursor: number;
  /** The kernel's send buffer is full; more would only fill memory. */
  needsDrain: boolean;
  /** How many messages it missed because it was too slow, and does not know of yet. */
  missed: number;
}

/**
 * A room keeps its messages as bytes, encoded once for all, until each member's socket
 * has got them: all that came in one turn of the event loop in a single write.
 *
 * ```text
 *   message    7   8   9   10  11
 *   #log      [m7  m8  m9  m10 m11]          #start 7
 *   #flushed           ^                     m9 to m11 wait for the end of the turn
 *   Ann                ^                     has got all up to there, like most
 *   Bob        ^                             does not take what is written to it
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

  /** `Ann, Bob`: by name. */
  list(): string {
    return Array.from(this.#users, (user) => user.name)
      .sort()
      .join(", ");
  }

  join(user: User): void {
    this.#announce(`${user.name} joined`);
    this.#users.add(user);
    user.cursor = this.#end;
  }

  leave(user: User): void {
    this.deliver(user);
    // What it has not received of this room by now, it never will.
    user.missed += this.#end - user.cursor;
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
   * Says who joined or left. Clients that connect together come one per turn: a flush for
   * each would write n lines to n members one by one. When that gets slow, it waits.
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
    // As many as a member may lag behind: flush now, or our delay would make members lag.
    if (this.#end - this.#flushed === CAPACITY) this.#flush();
  }

  /** Writes to a user what it has not received yet, unless its socket is full. */
  deliver(user: User): void {
    if (user.needsDrain) return;
    if (user.missed > 0) {
      log.warn({ user: user.name, missed: user.missed }, "lagged");
      writeTo(user, `Server is very busy and dropped ${user.missed} messages, sorry!\n`);
      user.missed = 0;
    }
    if (user.cursor === this.#end) return;
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
      if (user.cursor === this.#flushed && user.missed === 0 && !user.needsDrain) {
        writeTo(user, batch);
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

  #since(cursor: number): Buffer {
    return Buffer.concat(this.#log.slice(cursor - this.#start));
  }
}

/** Writes to a user. A full socket will emit `drain` when the system has taken all. */
function writeTo(user: User, data: Buffer | string): void {
  if (goodbye) return;
  user.needsDrain = !user.socket.write(data) && user.socket.writableLength > 0;
}

/** The rooms, by name. */
class Rooms {
  readonly #rooms = new Map<string, Room>();

  /** `main (3), attic (1)`: most users first, then by name. */
  list(): string {
    return [...this.#rooms.values()]
      .sort((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1))
      .map((room) => `${room.name} (${room.size})`)
      .join(", ");
  }

  /** The room of that name; creates it if there is none. */
  open(name: string): Room {
    let room = this.#rooms.get(name);
    if (room === undefined) {
      room = new Room(name);
      this.#rooms.set(name, room);
    }
    return room;
  }

  /** Takes a user out of a room, and removes the room if that was the last one. */
  leave(room: Room, user: User): void {
    room.leave(user);
    if (room.size === 0) this.#rooms.delete(room.name);
  }
}

const { ip, port, level } = options();
const log = pino(
  { level },
  process.stderr.isTTY
    ? pretty({ destination: 2, sync: true })
    : pino.destination({ dest: 2, sync: true }),
);
const names = new Names();
const rooms = new Rooms();
const sockets = new Set<Socket>();
/** Everyone has been told goodbye: a write after that would be an error. */
let goodbye = false;

// A client that has finished sending may still want to read: keep our half open.
// Without delay: the room gathers the small writes, so the kernel need not (Nagle).
const server = createServer({ allowHalfOpen: true, noDelay: true });
server.on("error", (error: NodeJS.ErrnoException) => {
  fail(1, `Cannot listen on ${ip} port ${port}: ${reason(error)}`);
});
server.listen(port, ip);
await once(server, "listening");
const address = server.address() as AddressInfo;
const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
console.log(`listening on ${host}:${address.port}`);

process.on("SIGINT", stop);
process.on("SIGTERM", stop);

for await (const [socket] of on(server, "connection")) {
  // A pending read or write reports a lost connection. Between them this listener must: an
  // 'error' event that has no listener crashes the process.
  socket.on("error", () => {});
  sockets.add(socket);
  socket.on("close", () => sockets.delete(socket));
  // Not awaited: it is a task of its own, and the loop accepts the next client at once.
  handleUser(socket)
    .then(() => finish(socket))
    .catch((error: Error) => {
      log.warn({ error: error.message }, "lost a user");
      socket.destroy();
    });
}

async function handleUser(socket: Socket): Promise<void> {
  const user: User = {
    socket,
    name: names.takeRandom(),
    cursor: 0,
    needsDrain: false,
    missed: 0,
  };
  let room = rooms.open("main");
  room.join(user);
  log.info({ user: user.name, from: socket.remoteAddress }, "connected");
  socket.on("drain", () => {
    user.needsDrain = false;
    room.deliver(user);
  });
  // An answer comes after what was said in the room before it, unless the socket is full.
  const reply = (text: string) => {
    room.deliver(user);
    return write(socket, text);
  };
  try {
    await write(socket, `${HELP}You are ${user.name}\nYou joined ${room.name}\n`);
    for await (const lines of readLineBatches(socket, MAX_LINE)) {
      for (const line of lines) {
        if (goodbye) return;
        const [command, argument = ""] = line.startsWith("/") ? line.split(/\s+/) : [];
        if (command === "/help") {
          await reply(HELP);
        } else if (command === "/name") {
          if (!NAME.test(argument)) {
            await reply("Name must be 2 - 20 alphanumeric chars\n");
          } else if (names.take(argument)) {
            log.debug({ user: user.name, name: argument }, "renamed");
            room.send(`${user.name} is now ${argument}`);
            names.free(user.name);
            user.name = argument;
          } else {
            await reply(`${argument} is already taken\n`);
          }
        } else if (command === "/rooms") {
          await reply(`Rooms - ${rooms.list()}\n`);
        } else if (command === "/join") {
          if (!NAME.test(argument)) {
            await reply("Room must be 2 - 20 alphanumeric chars\n");
          } else if (argument === room.name) {
            await reply(`You are in ${room.name}\n`);
          } else {
            const left = room.name;
            rooms.leave(room, user);
            room = rooms.open(argument);
            room.join(user);
            log.debug({ user: user.name, from: left, to: room.name }, "changed room");
            await write(socket, `You left ${left}\nYou joined ${room.name}\n`);
          }
        } else if (command === "/users") {
          await reply(`Users - ${room.list()}\n`);
        } else if (command === "/quit") {
          return;
        } else if (command !== undefined) {
          await reply(`Unrecognized command ${command}, try /help\n`);
        } else if (isTooLong(line)) {
          await reply(`Messages can only be ${MAX_MESSAGE} chars long\n`);
        } else {
          room.send(`${user.name}: ${line}`);
        }
      }
    }
  } catch (error) {
    if (!(error instanceof LineTooLong)) throw error;
    log.warn({ user: user.name }, "line too long");
    room.deliver(user);
    writeTo(user, `Lines can only be ${MAX_LINE} bytes long\n`);
  } finally {
    rooms.leave(room, user);
    names.free(user.name);
    log.info({ user: user.name }, "disconnected");
  }
}

/** Counts code points only when it must: each is at most two UTF-16 units. */
function isTooLong(line: string): boolean {
  if (line.length <= MAX_MESSAGE) return false;
  return line.length > 2 * MAX_MESSAGE || [...line].length > MAX_MESSAGE;
}

/** Says goodbye to everyone, and exits when they have read it; called again, at once. */
function stop(signal: NodeJS.Signals): void {
  if (!server.listening) process.exit(1);
  log.info({ signal, clients: sockets.size }, "stopping");
  server.close(() => process.exit(0));
  // After the flush of this turn: what was said before is read before.
  setImmediate(() => {
    goodbye = true;
    for (const socket of sockets) {
      if (socket.writable) socket.end("Server is shutting down, goodbye!\n");
    }
  });
  setTimeout(() => process.exit(0), GRACE);
}

/** The options of the command line; exits when one makes no sense. */
function options(): { ip: string; port: number; level: string } {
  const { ip, port, help } = parse();
  if (help) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  if (isIP(ip) === 0) fail(2, `Cannot listen on "${ip}": not an IP address`);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) {
    fail(2, `Cannot listen on port "${port}": not a number from 0 to 65535`);
  }
  const level = process.env.LOG_LEVEL ?? "info";
  if (level !== "silent" && !(level in pino.levels.values)) {
    fail(2, `Cannot log at level "${level}": see LOG_LEVEL in --help`);
  }
  return { ip, port: Number(port), level };
}

function parse() {
  try {
    return parseArgs({
      options: {
        ip: { type: "string", short: "i", default: "127.0.0.1" },
        port: { type: "string", short: "p", default: process.env.PORT ?? "42069" },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    return fail(2, `${(error as Error).message}\nTry --help`);
  }
}

/** What a reader of an error message wants to know. */
function reason(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case "EADDRINUSE":
      return "another program listens there; try another with --port";
    case "EACCES":
      return "permission denied; ports below 1024 may be reserved, try a higher one";
    case "EADDRNOTAVAIL":
      return "this machine has no such address";
    default:
      return error.message;
  }
}

function fail(code: number, message: string): never {
  console.error(message);
  process.exit(code);
}
