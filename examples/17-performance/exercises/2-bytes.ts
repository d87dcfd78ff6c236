// 17-2-bytes: a client that falls behind is disconnected by bytes too, not by messages alone.
// Page: docs/17-performance.md, exercise 2
import { on, once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Lagged } from "../../shared/broadcast.ts";
import { readLineBatches } from "../../shared/line-batches.ts";
import { distinctNames } from "../../shared/names.ts";
import { finish, write } from "../../shared/socket.ts";

const PORT = Number(process.env.PORT ?? 42069);
const HELP = readFileSync(new URL("../help.txt", import.meta.url), "utf8");
/** How many messages a room keeps for a member that does not keep up. */
const CAPACITY = 1024;
/** How many bytes a room keeps for a member that does not keep up. */
const MAX_BEHIND = 8 * 1024 * 1024;
/** A flush of notices waits this many times as long as the last flush took. */
const NOTICE_DELAY = 10;
/** The maximum length of a line, in bytes. */
const MAX_LINE = 1024 * 1024;

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

  /** Takes a name that nobody has: nearly always the first that it tries. */
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
      } else if (this.#bytesSince(user.cursor) > MAX_BEHIND) {
        user.socket.destroy(new Error("Cannot keep up: too many bytes behind"));
        user.cursor = this.#end;
      }
      slowest = Math.min(slowest, user.cursor);
    }
    this.#log.splice(0, slowest - this.#start);
    this.#start = slowest;
    this.#flushed = this.#end;
    this.#lastFlushMs = performance.now() - began;
  }

  /** Summed again each time, but only for members that are behind. */
  #bytesSince(cursor: number): number {
    let sum = 0;
    for (const message of this.#log.slice(cursor - this.#start)) sum += message.length;
    return sum;
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

  /** Finds or creates the room with that name. */
  open(name: string): Room {
    let room = this.#rooms.get(name);
    if (room === undefined) {
      room = new Room(name);
      this.#rooms.set(name, room);
    }
    return room;
  }

  /** Removes a user from a room, and the room itself if it is now empty. */
  leave(room: Room, user: User): void {
    room.leave(user);
    if (room.size === 0) this.#rooms.delete(room.name);
  }
}

const names = new Names();
const rooms = new Rooms();

// A client that has finished sending may still want to read: keep our half open.
// No delay: the room gathers small writes, so the kernel need not (Nagle's algorithm).
const server = createServer({ allowHalfOpen: true, noDelay: true });
server.listen(PORT, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
console.log(`listening on 127.0.0.1:${port}`);

for await (const [socket] of on(server, "connection")) {
  // A pending read or write reports a lost connection. While neither is pending, an 'error'
  // event without a listener would crash the process.
  socket.on("error", () => {});
  // Not awaited: it is a task of its own, and the loop accepts the next client at once.
  handleUser(socket)
    .then(() => finish(socket))
    .catch((error: Error) => {
      console.error(`lost a user: ${error.message}`);
      socket.destroy();
    });
}

async function handleUser(socket: Socket): Promise<void> {
  const user: User = { socket, name: names.takeRandom(), cursor: 0, needsDrain: false };
  let room = rooms.open("main");
  room.join(user);
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
        const [command, argument] = line.startsWith("/") ? line.split(/\s+/) : [];
        if (command === "/help") {
          await reply(HELP);
        } else if (command === "/name" && argument) {
          if (names.take(argument)) {
            room.send(`${user.name} is now ${argument}`);
            names.free(user.name);
            user.name = argument;
          } else {
            await reply(`${argument} is already taken\n`);
          }
        } else if (command === "/rooms") {
          await reply(`Rooms - ${rooms.list()}\n`);
        } else if (command === "/join" && argument) {
          if (argument === room.name) {
            await reply(`You are in ${room.name}\n`);
          } else {
            const left = room.name;
            rooms.leave(room, user);
            room = rooms.open(argument);
            room.join(user);
            await write(socket, `You left ${left}\nYou joined ${room.name}\n`);
          }
        } else if (command === "/users") {
          await reply(`Users - ${room.list()}\n`);
        } else if (command === "/quit") {
          return;
        } else {
          room.send(`${user.name}: ${line}`);
        }
      }
    }
  } finally {
    rooms.leave(room, user);
    names.free(user.name);
  }
}
