// 07-kinda-chat: what one client says reaches all, through a broadcast channel.
// Page: docs/07-kinda-chat.md
// Defect: a client gets one message for each line that it sends, and is disconnected when
// it is 32 behind; 08 fixes the first.
import { on, once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Broadcast } from "../shared/broadcast.ts";
import { finish, readLines, write } from "../shared/socket.ts";

const PORT = Number(process.env.PORT ?? 42069);
const HELP = readFileSync(new URL("help.txt", import.meta.url), "utf8");

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
  const inbox = messages.subscribe();
  await write(socket, HELP);
  for await (const line of readLines(socket)) {
    const [command] = line.split(/\s+/);
    if (command === "/help") {
      await write(socket, HELP);
    } else if (command === "/quit") {
      return;
    } else {
      messages.send(`${line} ❤️`);
      await write(socket, `${await inbox.recv()}\n`);
    }
  }
}
