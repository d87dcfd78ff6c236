// 01-3-telephone: connects its first two clients with each other.
// Page: docs/01-echo.md, exercise 3
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { read, write } from "../../shared/socket.ts";

const PORT = Number(process.env.PORT ?? 42069);

// A client that has finished sending may still want to read: keep our half open.
const server = createServer({ allowHalfOpen: true });
server.listen(PORT, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
console.log(`listening on 127.0.0.1:${port}`);

const [ann] = await once(server, "connection");
const [bob] = await once(server, "connection");
server.close();
// Both are called before either is awaited, so both run.
await Promise.all([carry(ann, bob), carry(bob, ann)]);

/** Forwards what one client sends to the other, and then the end. */
async function carry(from: Socket, to: Socket): Promise<void> {
  for (;;) {
    const bytes = await read(from, 16);
    if (bytes === null) break;
    await write(to, bytes);
  }
  to.end();
}
