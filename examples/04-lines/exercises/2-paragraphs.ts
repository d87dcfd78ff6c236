// 04-2-paragraphs: answers paragraphs, which end at an empty line.
// Page: docs/04-lines.md, exercise 2
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
  for await (const paragraph of readParagraphs(readLines(socket))) {
    await write(socket, `${paragraph} ❤️\n`);
  }
}

/** Joins the lines up to an empty one with spaces. The last paragraph needs no end. */
async function* readParagraphs(
  lines: AsyncIterable<string>,
): AsyncGenerator<string, void> {
  let paragraph: string[] = [];
  for await (const line of lines) {
    if (line !== "") {
      paragraph.push(line);
    } else if (paragraph.length > 0) {
      yield paragraph.join(" ");
      paragraph = [];
    }
  }
  if (paragraph.length > 0) yield paragraph.join(" ");
}
