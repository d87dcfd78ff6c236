// 10-1-same: Ann and ANN are one name.
// Page: docs/10-rename.md, exercise 1
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

  /** Takes a name for a user: false when another has it, or one that looks the same. */
  take(name: string): boolean {
    const key = keyOf(name);
    if (this.#taken.has(key)) return false;
    this.#taken.add(key);
    return true;
  }

  /** Takes a random name that nobody has. */
  takeRandom(): string {
    for (;;) {
      const name = randomName();
      if (this.take(name)) return name;
    }
  }
}

/** The key by which names are compared. A name is shown as its user typed it. */
function keyOf(name: string): string {
  return name.normalize("NFKC").toLowerCase();
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
  let name = names.takeRandom();
  const inbox = messages.subscribe();
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
        messages.send(`${name} is now ${argument}`);
        name = argument;
      } else {
        await write(socket, `${argument} is already taken\n`);
      }
    } else if (command === "/quit") {
      return;
    } else {
      messages.send(`${name}: ${event.value}`);
    }
  }
}
