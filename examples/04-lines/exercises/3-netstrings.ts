// 04-3-netstrings: speaks netstrings: the length of a message comes before it.
// Page: docs/04-lines.md, exercise 3
import { on, once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { read, write } from "../../shared/socket.ts";

const PORT = Number(process.env.PORT ?? 42069);
const HEART = Buffer.from(" ❤️");
const COMMA = Buffer.from(",");

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
  for await (const message of readNetstrings(socket)) {
    const answer = Buffer.concat([message, HEART]);
    const length = Buffer.from(`${answer.length}:`);
    // As bytes: a message need not be text, and decoding it might change its length.
    await write(socket, Buffer.concat([length, answer, COMMA]));
  }
}

/**
 * Messages such as `5:hello,`: their length in bytes, then that many bytes of any value.
 * Ends at the first invalid one, because nothing says where the next one begins.
 */
async function* readNetstrings(socket: Socket): AsyncGenerator<Buffer, void> {
  for (;;) {
    const length = await readLength(socket);
    if (length === null) return;
    const bytes = await readExactly(socket, length + 1);
    if (bytes === null || bytes.toString("latin1", length) !== ",") return;
    yield bytes.subarray(0, length);
  }
}

/** A number of at most four digits, without leading zeros, and the colon after it. */
async function readLength(socket: Socket): Promise<number | null> {
  let digits = "";
  for (;;) {
    const character = (await read(socket, 1))?.toString("latin1");
    if (character === ":" && /^(0|[1-9]\d*)$/.test(digits)) return Number(digits);
    if (character === undefined || !/\d/.test(character)) return null;
    digits += character;
    if (digits.length > 4) return null;
  }
}

/** Exactly `size` bytes, in however many pieces they arrive; null when they end before. */
async function readExactly(socket: Socket, size: number): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  for (let missing = size; missing > 0; ) {
    const bytes = await read(socket, missing);
    if (bytes === null) return null;
    pieces.push(bytes);
    missing -= bytes.length;
  }
  return Buffer.concat(pieces);
}
