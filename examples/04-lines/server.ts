// 04-lines: whole lines, however the network cut them up.
// Page: docs/04-lines.md
// Defect: a line that never ends is kept in memory and grows; 17 fixes that.
import { on, once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { readLines, write } from "../shared/socket.ts";

const PORT = Number(process.env.PORT ?? 42069);

// A client that has finished sending may still want to read: keep our half open.
const server = createServer({ allowHalfOpen: true });
server.listen(PORT, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
console.log(`listening on 127.0.0.1:${port}`);

for await (const [socket] of on(server, "connection")) {
  await handleUser(socket);
  socket.end();
}

async function handleUser(socket: Socket): Promise<void> {
  for await (const line of readLines(socket)) {
    await write(socket, `${line} ❤️\n`);
  }
}
