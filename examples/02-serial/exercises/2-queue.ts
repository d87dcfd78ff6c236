// 02-2-queue: tells each waiting client how many are ahead of it.
// Page: docs/02-serial.md, exercise 2
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

/** How many clients are being served or waiting. */
let here = 0;
// A second listener to the same event. It runs at once, without waiting for the loop.
server.on("connection", (socket: Socket) => {
  if (here > 0) socket.write(`${here} before you\n`);
  here += 1;
});

for await (const [socket] of on(server, "connection")) {
  await handleUser(socket);
  socket.end();
  here -= 1;
}

async function handleUser(socket: Socket): Promise<void> {
  for (;;) {
    const bytes = await read(socket, 16);
    if (bytes === null) return;
    await write(socket, bytes);
  }
}
