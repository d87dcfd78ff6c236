// 12-3-door: /door {name} shows somebody the door.
// Page: docs/12-main-room.md, exercise 3
import { on, once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Broadcast, type Receiver } from "../../shared/broadcast.ts";
import { randomName } from "../../shared/names.ts";
import { select } from "../../shared/select.ts";
import { finish, readLines, write } from "../../shared/socket.ts";

const PORT = Number(process.env.PORT ?? 42069);
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
  readonly #inboxes = new Map<string, Receiver<string>>();

  constructor(name: string) {
    this.name = name;
  }

  join(user: string): Receiver<string> {
    const inbox = this.#messages.subscribe();
    this.#inboxes.set(user, inbox);
    this.send(`${user} joined ${this.name}`);
    return inbox;
  }

  leave(user: string, inbox: Receiver<string>): void {
    inbox.close();
    this.#inboxes.delete(user);
    this.send(`${user} left ${this.name}`);
  }

  rename(user: string, to: string): void {
    const inbox = this.#inboxes.get(user);
    this.#inboxes.delete(user);
    if (inbox) this.#inboxes.set(to, inbox);
    this.send(`${user} is now ${to}`);
  }

  /**
   * Closes a user's inbox. The user's task finds that out at its next `select`, and leaves
   * as usual. @returns False when nobody has that name.
   */
  showTheDoor(user: string, by: string): boolean {
    const inbox = this.#inboxes.get(user);
    if (inbox === undefined) return false;
    this.send(`${by} shows ${user} the door`);
    inbox.close();
    return true;
  }

  send(message: string): void {
    this.#messages.send(message);
  }
}

const names = new Names();
const main = new Room("main");

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
  const inbox = main.join(name);
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
          main.rename(name, argument);
          names.free(name);
          name = argument;
        } else {
          await write(socket, `${argument} is already taken\n`);
        }
      } else if (command === "/door" && argument) {
        if (!main.showTheDoor(argument, name)) {
          await write(socket, `Nobody is called ${argument}\n`);
        }
      } else if (command === "/quit") {
        return;
      } else {
        main.send(`${name}: ${event.value}`);
      }
    }
  } finally {
    main.leave(name, inbox);
    names.free(name);
  }
}
