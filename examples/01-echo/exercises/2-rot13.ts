// 01-2-rot13: sends back every letter as the one thirteen places further on.
// Page: docs/01-echo.md, exercise 2
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { read, write } from "../../shared/socket.ts";

const PORT = Number(process.env.PORT ?? 42069);
/** The first and the last capital in ASCII. */
const A = 65;
const Z = 90;

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

/** ROT13: moves each ASCII letter 13 places, wrapping around; the rest stays as it is. */
function rotate(byte: number): number {
  // In ASCII the two cases of a letter differ in one bit.
  const capital = byte & ~32;
  if (capital < A || capital > Z) return byte;
  return capital + 13 <= Z ? byte + 13 : byte - 13;
}

async function handleUser(socket: Socket): Promise<void> {
  for (;;) {
    const bytes = await read(socket, 16);
    if (bytes === null) return;
    await write(socket, bytes.map(rotate));
  }
}
