// 11-2-keep: /keep {name} holds one more name, for as long as its user is here.
// Page: docs/11-free-names.md, exercise 2
import { on, once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Broadcast } from "../../shared/broadcast.ts";
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

/** The names that one user holds. */
class Kept implements Disposable {
  readonly #names = new Set<string>();

  /** @returns False when the name is in use. */
  add(name: string): boolean {
    if (!names.take(name)) return false;
    this.#names.add(name);
    return true;
  }

  /** Gives up the name but leaves it taken. @returns False when it is not among these. */
  handOver(name: string): boolean {
    return this.#names.delete(name);
  }

  [Symbol.dispose](): void {
    for (const name of this.#names) names.free(name);
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
  using kept = new Kept();
  let name = names.takeRandom();
  const inbox = messages.subscribe();
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
        if (kept.handOver(argument) || names.take(argument)) {
          messages.send(`${name} is now ${argument}`);
          names.free(name);
          name = argument;
        } else {
          await write(socket, `${argument} is already taken\n`);
        }
      } else if (command === "/keep" && argument) {
        const answer = kept.add(argument) ? "is kept for you" : "is already taken";
        await write(socket, `${argument} ${answer}\n`);
      } else if (command === "/quit") {
        return;
      } else {
        messages.send(`${name}: ${event.value}`);
      }
    }
  } finally {
    inbox.close();
    names.free(name);
  }
}
