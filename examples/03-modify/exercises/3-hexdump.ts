// 03-3-hexdump: shows what each read has returned, byte by byte.
// Page: docs/03-modify.md, exercise 3
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

for await (const [socket] of on(server, "connection")) {
  await handleUser(socket);
  socket.end();
}

async function handleUser(socket: Socket): Promise<void> {
  let offset = 0;
  for (;;) {
    const bytes = await read(socket, 16);
    if (bytes === null) return;
    await write(socket, `${row(offset, bytes)}\n`);
    offset += bytes.length;
  }
}

/** A row as `hexdump -C` writes it: the offset, the bytes, and those that are ASCII. */
function row(offset: number, bytes: Buffer): string {
  const hex = (part: Buffer) => part.toString("hex").replace(/..(?=.)/g, "$& ");
  const halves = [bytes.subarray(0, 8), bytes.subarray(8)].map(hex);
  const [left = "", right = ""] = halves.map((half) => half.padEnd(23));
  // In latin1 each byte is one character, and only 20 to 7e are drawn.
  const shown = bytes.toString("latin1").replace(/[^ -~]/g, ".");
  const start = offset.toString(16).padStart(8, "0");
  return `${start}  ${left}  ${right}  |${shown}|`;
}
