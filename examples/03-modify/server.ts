// 03-modify: answers each line with the same line and a heart.
// Page: docs/03-modify.md
// Defect: it treats whatever one read returns as a line; 04 fixes that.
import { on, once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { read, write } from "../shared/socket.ts";

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
  for (;;) {
    const bytes = await read(socket, 16);
    if (bytes === null) return;
    // 16 bytes may be half a line, two lines, or end inside a character.
    const line = bytes.toString().replace(/\r?\n$/, "");
    await write(socket, `${line} ❤️\n`);
  }
}
