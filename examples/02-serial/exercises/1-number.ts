// 02-1-number: tells every client its number.
// Page: docs/02-serial.md, exercise 1
import { on, once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { read, write } from "../../shared/socket.ts";

const PORT = Number(process.env.PORT ?? 42069);

// A client that has finished sending may still want to read: keep our half open.
const server = createServer({ allowHalfOpen: true });
server.listen(PORT, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
console.log(`listening on 127.0.0.1:${port}`);

let clients = 0;
for await (const [socket] of on(server, "connection")) {
  clients += 1;
  await handleUser(socket, clients);
  socket.end();
}

async function handleUser(socket: Socket, number: number): Promise<void> {
  await write(socket, `You are number ${number}\n`);
  for (;;) {
    const bytes = await read(socket, 16);
    if (bytes === null) return;
    await write(socket, bytes);
  }
}
