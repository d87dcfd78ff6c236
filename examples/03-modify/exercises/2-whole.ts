// 03-2-whole: keeps a character whole, even when a read ends inside it.
// Page: docs/03-modify.md, exercise 2
import { on, once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";
import { read, write } from "../../shared/socket.ts";

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
  // One for each connection: it remembers the beginning of a character.
  const decoder = new StringDecoder("utf8");
  for (;;) {
    const bytes = await read(socket, 16);
    if (bytes === null) return;
    // 16 bytes may be half a line, or two lines.
    const text = decoder.write(bytes);
    if (text === "") continue;
    const line = text.replace(/\r?\n$/, "");
    await write(socket, `${line} ❤️\n`);
  }
}
