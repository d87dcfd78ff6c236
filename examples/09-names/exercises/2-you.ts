// 09-2-you: a user who speaks sees "You: hello", the others see the name.
// Page: docs/09-names.md, exercise 2
import { on, once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Broadcast, type Receiver } from "../../shared/broadcast.ts";
import { randomName } from "../../shared/names.ts";
import { select } from "../../shared/select.ts";
import { finish, readLines, write } from "../../shared/socket.ts";

const PORT = Number(process.env.PORT ?? 42069);
const HELP = readFileSync(new URL("../help.txt", import.meta.url), "utf8");

/** What was said, before it is formatted. */
interface Message {
  /** Whose it is: an inbox, because two users can have the same name. */
  readonly from: Receiver<Message>;
  readonly name: string;
  readonly text: string;
}

const messages = new Broadcast<Message>(32);

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
  const name = randomName();
  const inbox = messages.subscribe();
  await write(socket, `${HELP}You are ${name}\n`);
  const lines = readLines(socket);
  for (;;) {
    const event = await select({ user: lines, peer: inbox });
    if (event.done) return;
    if (event.from === "peer") {
      const { from, name, text } = event.value;
      await write(socket, `${from === inbox ? "You" : name}: ${text}\n`);
      continue;
    }
    const [command] = event.value.split(/\s+/);
    if (command === "/help") {
      await write(socket, HELP);
    } else if (command === "/quit") {
      return;
    } else {
      messages.send({ from: inbox, name, text: event.value });
    }
  }
}
