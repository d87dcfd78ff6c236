// 01-echo: sends back whatever its first client sends, then exits.
// Page: docs/01-echo.md
// Defect: it exits after its first connection (02 fixes that), and a reset crashes it (06).
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { read, write } from "../shared/socket.ts";

const PORT = Number(process.env.PORT ?? 42069);

// A client that has finished sending may still want to read: keep our half open.
const server = createServer({ allowHalfOpen: true });
server.listen(PORT, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
console.log(`listening on 127.0.0.1:${port}`);

const [socket] = await once(server, "connection");
server.close();
await handleUser(socket);
socket.end();

async function handleUser(socket: Socket): Promise<void> {
  for (;;) {
    const bytes = await read(socket, 16);
    if (bytes === null) return;
    await write(socket, bytes);
  }
}
