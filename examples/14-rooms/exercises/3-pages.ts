// 14-3-pages: a long list of rooms, a page at a time.
// Page: docs/14-rooms.md, exercise 3
import { on, once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Broadcast, type Receiver } from "../../shared/broadcast.ts";
import { randomName } from "../../shared/names.ts";
import { select } from "../../shared/select.ts";
import { finish, readLines, write } from "../../shared/socket.ts";

const PORT = Number(process.env.PORT ?? 42069);
/** How many rooms an answer lists. */
const PAGE = 5;
const HELP = readFileSync(new URL("../help.txt", import.meta.url), "utf8");

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

/** A broadcast channel with a name. */
class Room {
  readonly name: string;
  readonly #messages = new Broadcast<string>(32);

  constructor(name: string) {
    this.name = name;
  }

  /** How many users are in it. */
  get size(): number {
    return this.#messages.receiverCount;
  }

  join(user: string): Receiver<string> {
    const inbox = this.#messages.subscribe();
    this.send(`${user} joined ${this.name}`);
    return inbox;
  }

  leave(user: string, inbox: Receiver<string>): void {
    inbox.close();
    this.send(`${user} left ${this.name}`);
  }

  send(message: string): void {
    this.#messages.send(message);
  }
}

/** The rooms, by name. */
class Rooms {
  readonly #rooms = new Map<string, Room>();

  /** `attic (1), main (3), more: /rooms main`: a page, by name, starting after a name. */
  list(after: string): string {
    const rooms = [...this.#rooms.values()]
      .filter((room) => room.name > after)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = rooms.slice(0, PAGE).map((room) => `${room.name} (${room.size})`);
    if (rooms.length > PAGE) page.push(`more: /rooms ${rooms[PAGE - 1]?.name}`);
    return page.join(", ");
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
}

const names = new Names();
const rooms = new Rooms();

// A client that has finished sending may still want to read: keep our half open.
const server = createServer({ allowHalfOpen: true });
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
  let name = names.takeRandom();
  let room = rooms.open("main");
  let inbox = room.join(name);
  try {
    await write(socket, `${HELP}You are ${name}\n`);
    const lines = readLines(socket);
    for (;;) {
      const event = await select({ user: lines, peer: inbox });
      if (event.done) return;
      if (event.from === "peer") {
        await write(socket, `${event.value}\n`);
        continue;
      }
      const [command, argument] = event.value.split(/\s+/);
      if (command === "/help") {
        await write(socket, HELP);
      } else if (command === "/name" && argument) {
        if (names.take(argument)) {
          room.send(`${name} is now ${argument}`);
          names.free(name);
          name = argument;
        } else {
          await write(socket, `${argument} is already taken\n`);
        }
      } else if (command === "/rooms") {
        await write(socket, `Rooms - ${rooms.list(argument ?? "")}\n`);
      } else if (command === "/join" && argument) {
        if (argument === room.name) {
          await write(socket, `You are in ${room.name}\n`);
        } else {
          // Unread messages of the old room are dropped with its inbox.
          room.leave(name, inbox);
          room = rooms.open(argument);
          inbox = room.join(name);
        }
      } else if (command === "/quit") {
        return;
      } else {
        room.send(`${name}: ${event.value}`);
      }
    }
  } finally {
    room.leave(name, inbox);
    names.free(name);
  }
}
