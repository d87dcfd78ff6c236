// 10-3-swap: two users swap their names, when both want to.
// Page: docs/10-rename.md, exercise 3
import { on, once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Broadcast } from "../../shared/broadcast.ts";
import { randomName } from "../../shared/names.ts";
import { select } from "../../shared/select.ts";
import { finish, readLines, write } from "../../shared/socket.ts";

const PORT = Number(process.env.PORT ?? 42069);
const HELP = readFileSync(new URL("../help.txt", import.meta.url), "utf8");

/** Any task may read and change it, so none keeps a copy across an await. */
interface User {
  name: string;
  /** The user with whom it offers to swap names. */
  wants: User | undefined;
}

/** The names in use, and the user who has each. */
class Names {
  readonly #taken = new Map<string, User>();

  /** Takes a name. @returns false when another user has it. */
  take(name: string, user: User): boolean {
    if (this.#taken.has(name)) return false;
    this.#taken.set(name, user);
    user.name = name;
    return true;
  }

  /** Makes a user, with a random name that nobody has. */
  newUser(): User {
    const user: User = { name: "", wants: undefined };
    while (!this.take(randomName(), user));
    return user;
  }

  /** The user who has the name now, not one who had it before. */
  owner(name: string): User | undefined {
    const user = this.#taken.get(name);
    return user?.name === name ? user : undefined;
  }

  /** No task can see it half done, because there is no await in here. */
  swap(a: User, b: User): void {
    [a.name, b.name] = [b.name, a.name];
    this.#taken.set(a.name, a).set(b.name, b);
    a.wants = undefined;
    b.wants = undefined;
  }
}

const names = new Names();
const messages = new Broadcast<string>(32);

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
  const user = names.newUser();
  const inbox = messages.subscribe();
  await write(socket, `${HELP}You are ${user.name}\n`);
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
      const before = user.name;
      if (names.take(argument, user)) {
        messages.send(`${before} is now ${argument}`);
      } else {
        await write(socket, `${argument} is already taken\n`);
      }
    } else if (command === "/swap" && argument) {
      const other = names.owner(argument);
      if (other === undefined) {
        await write(socket, `Nobody is called ${argument}\n`);
      } else if (other.wants === user) {
        messages.send(`${user.name} and ${other.name} swap names`);
        names.swap(user, other);
      } else {
        user.wants = other;
        messages.send(`${user.name} would swap names with ${other.name}`);
      }
    } else if (command === "/quit") {
      return;
    } else {
      messages.send(`${user.name}: ${event.value}`);
    }
  }
}
