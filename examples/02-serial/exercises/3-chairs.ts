// 02-3-chairs: turns away clients that find no chair in the waiting room.
// Page: docs/02-serial.md, exercise 3
import { EventEmitter, on, once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { read, write } from "../../shared/socket.ts";

const PORT = Number(process.env.PORT ?? 42069);
const CHAIRS = 2;

// A client that has finished sending may still want to read: keep our half open.
const server = createServer({ allowHalfOpen: true });
server.listen(PORT, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
console.log(`listening on 127.0.0.1:${port}`);

const guests = new EventEmitter();
let waiting = 0;
server.on("connection", (socket: Socket) => {
  if (waiting === CHAIRS) {
    // Nobody will read it: `resume` drops what it sends, so that we see its end.
    socket.end("No chair is free\n").resume();
    return;
  }
  waiting += 1;
  guests.emit("guest", socket);
});

for await (const [socket] of on(guests, "guest")) {
  waiting -= 1;
  await handleUser(socket);
  socket.end();
}

async function handleUser(socket: Socket): Promise<void> {
  for (;;) {
    const bytes = await read(socket, 16);
    if (bytes === null) return;
    await write(socket, bytes);
  }
}
