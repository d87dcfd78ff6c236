// 04-1-numbers: numbers the lines.
// Page: docs/04-lines.md, exercise 1
import { on, once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { readLines, write } from "../../shared/socket.ts";

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
  for await (const line of numbered(readLines(socket))) {
    await write(socket, `${line} ❤️\n`);
  }
}

/** The same lines, each with its number before it. */
async function* numbered(lines: AsyncIterable<string>): AsyncGenerator<string, void> {
  let number = 0;
  for await (const line of lines) {
    number += 1;
    yield `${number} ${line}`;
  }
}
