// 17b-direct: 17a, and a room writes to its members itself: no promise per receiver.
// Page: docs/17-performance.md
import { on, once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { randomName } from "../../shared/names.ts";
import { finish, readLines, write } from "../../shared/socket.ts";

const PORT = Number(process.env.PORT ?? 42069);
const HELP = readFileSync(new URL("../help.txt", import.meta.url), "utf8");
/** The most bytes that may wait in memory for a client. */
const LIMIT = 1024 * 1024;

/** The names in use. */
class Names {
  readonly #taken = new Set<string>();

  /** Takes a name. @returns false when another user has it. */
  take(name: string): boolean {
    if (this.#taken.has(name)) return false;
    this.#taken.add(name);
    return true;
  }

  /** Takes a random name that nobody has. */
  takeRandom(): string {
    for (;;) {
      const name = randomName();
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
}

/** A room writes each message to each of its members, at once. */
class Room {
  readonly name: string;
  readonly #users = new Set<User>();

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
    this.send(`${user.name} joined`);
    this.#users.add(user);
  }

  leave(user: User): void {
    this.#users.delete(user);
    this.send(`${user.name} left`);
  }

  send(message: string): void {
    for (const { socket } of this.#users) {
      // A client that does not read would make us keep whatever the others say.
      if (socket.writableLength < LIMIT) socket.write(`${message}\n`);
      else socket.destroy(new Error("Cannot follow the room: too much is waiting"));
    }
  }
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
// No delay: the kernel sends a small write at once, without Nagle's algorithm.
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
  const user: User = { socket, name: names.takeRandom() };
  let room = rooms.open("main");
  room.join(user);
  try {
    await write(socket, `${HELP}You are ${user.name}\nYou joined ${room.name}\n`);
    for await (const line of readLines(socket)) {
      const [command, argument] = line.startsWith("/") ? line.split(/\s+/) : [];
      if (command === "/help") {
        await write(socket, HELP);
      } else if (command === "/name" && argument) {
        if (names.take(argument)) {
          room.send(`${user.name} is now ${argument}`);
          names.free(user.name);
          user.name = argument;
        } else {
          await write(socket, `${argument} is already taken\n`);
        }
      } else if (command === "/rooms") {
        await write(socket, `Rooms - ${rooms.list()}\n`);
      } else if (command === "/join" && argument) {
        if (argument === room.name) {
          await write(socket, `You are in ${room.name}\n`);
        } else {
          const left = room.name;
          rooms.leave(room, user);
          room = rooms.open(argument);
          room.join(user);
          await write(socket, `You left ${left}\nYou joined ${room.name}\n`);
        }
      } else if (command === "/users") {
        await write(socket, `Users - ${room.list()}\n`);
      } else if (command === "/quit") {
        return;
      } else {
        room.send(`${user.name}: ${line}`);
      }
    }
  } finally {
    rooms.leave(room, user);
    names.free(user.name);
  }
}
