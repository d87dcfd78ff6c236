// 08-3-two-tasks: a client that does not listen can still speak.
// Page: docs/08-chat.md, exercise 3
import { on, once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Broadcast, type Receiver } from "../../shared/broadcast.ts";
import { finish, readLines, write } from "../../shared/socket.ts";

const PORT = Number(process.env.PORT ?? 42069);
const HELP = readFileSync(new URL("../help.txt", import.meta.url), "utf8");

/** A message without a text is a fence, only for the task that sent it. */
interface Message {
  readonly text?: string;
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
  const inbox = messages.subscribe();
  try {
    await write(socket, HELP);
    const last: Message = {};
    const hearing = hear(socket, inbox, last);
    // One race and no loop. It also handles the loser's rejection, if that comes later.
    await Promise.race([speak(socket), hearing]);
    // A fence: when it arrives, nothing that was sent before it is still in flight.
    messages.send(last);
    await hearing;
  } finally {
    // The loser is not cancelled: this ends it.
    inbox.close();
  }
}

/** Ends when the client has said /quit or has finished sending. */
async function speak(socket: Socket): Promise<void> {
  for await (const line of readLines(socket)) {
    const [command] = line.split(/\s+/);
    if (command === "/help") {
      await write(socket, HELP);
    } else if (command === "/quit") {
      return;
    } else {
      messages.send({ text: `${line} ❤️` });
    }
  }
}

/** Ends with the message `last`, or when the inbox is closed. */
async function hear(
  socket: Socket,
  inbox: Receiver<Message>,
  last: Message,
): Promise<void> {
  for await (const message of inbox) {
    if (message === last) return;
    if (message.text !== undefined) await write(socket, `${message.text}\n`);
  }
}
