// 11-3-want: /want {name} waits in line for a name.
// Page: docs/11-free-names.md, exercise 3
import { on, once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Broadcast } from "../../shared/broadcast.ts";
import { randomName } from "../../shared/names.ts";
import { select } from "../../shared/select.ts";
import { finish, readLines, write } from "../../shared/socket.ts";

const PORT = Number(process.env.PORT ?? 42069);
const HELP = readFileSync(new URL("../help.txt", import.meta.url), "utf8");

/** Called with the name once its user has it. Must not await. */
type Gets = (name: string) => void;

/** The names in use, and the users who wait for them. */
class Names {
  readonly #taken = new Set<string>();
  readonly #lines = new Map<string, Gets[]>();

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

  /**
   * Gives a name back. It goes straight to the first in line, who is renamed before this
   * returns: nobody can take it in between, and nobody can leave in between.
   */
  free(name: string): void {
    const next = this.#lines.get(name)?.shift();
    if (next) next(name);
    else this.#taken.delete(name);
  }

  /**
   * Takes the name if it is free; otherwise joins the line for it, once, and returns false.
   * A user must not wait for its own name: it would come straight back when given up.
   */
  want(name: string, gets: Gets): boolean {
    if (this.take(name)) {
      gets(name);
      return true;
    }
    const line = this.#lines.get(name) ?? [];
    if (!line.includes(gets)) this.#lines.set(name, [...line, gets]);
    return false;
  }

  /** Leaves all lines. */
  forget(gets: Gets): void {
    for (const [name, line] of this.#lines) {
      const others = line.filter((one) => one !== gets);
      if (others.length > 0) this.#lines.set(name, others);
      else this.#lines.delete(name);
    }
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
  let name = names.takeRandom();
  /** Also run by another user's task, while this one waits. */
  const becomes: Gets = (next) => {
    const before = name;
    name = next;
    messages.send(`${before} is now ${next}`);
    names.free(before);
  };
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
        if (names.take(argument)) {
          becomes(argument);
        } else {
          await write(socket, `${argument} is already taken\n`);
        }
      } else if (command === "/want" && argument) {
        if (argument === name) {
          await write(socket, `You are ${name}\n`);
        } else if (!names.want(argument, becomes)) {
          await write(socket, `You are in line for ${argument}\n`);
        }
      } else if (command === "/quit") {
        return;
      } else {
        messages.send(`${name}: ${event.value}`);
      }
    }
  } finally {
    inbox.close();
    names.forget(becomes);
    names.free(name);
  }
}
