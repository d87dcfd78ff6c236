// 05-2-shout: a client that has said /shout is answered in capitals, until /calm.
// Page: docs/05-commands.md, exercise 2
import { on, once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { finish, readLines, write } from "../../shared/socket.ts";

const PORT = Number(process.env.PORT ?? 42069);
const HELP = readFileSync(new URL("../help.txt", import.meta.url), "utf8");

// A client that has finished sending may still want to read: keep our half open.
const server = createServer({ allowHalfOpen: true });
server.listen(PORT, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
console.log(`listening on 127.0.0.1:${port}`);

for await (const [socket] of on(server, "connection")) {
  await handleUser(socket);
  finish(socket);
}

async function handleUser(socket: Socket): Promise<void> {
  await write(socket, HELP);
  let shouts = false;
  for await (const line of readLines(socket)) {
    const [command] = line.split(/\s+/);
    if (command === "/help") {
      await write(socket, HELP);
    } else if (command === "/quit") {
      return;
    } else if (command === "/shout" || command === "/calm") {
      shouts = command === "/shout";
      await write(socket, shouts ? "You shout\n" : "You are calm\n");
    } else {
      const talk = shouts ? line.toUpperCase() : line;
      await write(socket, `${talk} ❤️\n`);
    }
  }
}
