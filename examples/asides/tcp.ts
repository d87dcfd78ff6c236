// What TCP preserves: the order of the bytes, but not the pieces in which they were
// written. And the ways in which a connection ends.
// Run it: just example tcp
// Page: docs/asides/tcp.md
import { once } from "node:events";
import type { Socket } from "node:net";
import { read, write } from "../shared/socket.ts";
import { pair } from "./parts/pair.ts";
import { turns } from "./parts/turns.ts";

/** Waits until `count` bytes have arrived, and leaves them unread. */
async function arrived(socket: Socket, count: number): Promise<void> {
  socket.read(0); // takes no bytes, but starts the reading
  while (socket.bytesRead < count) await turns();
}

/** Everything up to the end of the stream. */
async function readAll(socket: Socket): Promise<string> {
  let all = "";
  for (;;) {
    const bytes = await read(socket, 100);
    if (bytes === null) return all;
    all += bytes;
  }
}

const quote = (bytes: Buffer | string | null) => JSON.stringify(String(bytes));

// #region pieces
{
  const { server, client } = await pair();
  client.write("one\n");
  client.write("two\n");
  await arrived(server, 8);
  console.log(`two writes, one read:  ${quote(await read(server, 100))}`);
  client.write("three\n");
  const [first, second] = [await read(server, 4), await read(server, 4)];
  console.log(`one write, two reads:  ${quote(first)} and ${quote(second)}`);
  client.destroy();
  server.destroy();
}
// #endregion pieces

// #region half-close
{
  const { server, client } = await pair();
  client.end("a question"); // FIN: this side sends no more
  const question = await readAll(server);
  server.end(`the answer to ${question}`); // the other direction is still open
  console.log(`after a half-close:    ${quote(await readAll(client))}`);
}
// #endregion half-close

// #region reset
{
  const { server, client } = await pair();
  server.resume();
  client.resetAndDestroy(); // RST: ends both directions
  const [error] = await once(server, "error");
  console.log(`after a reset:         ${error.code}`);
}
// #endregion reset

// #region unread
{
  const { server, client } = await pair();
  await write(client, "this waits in the kernel, and nobody will read it");
  server.destroy(); // an ordinary close, but the kernel has unread bytes to discard
  const [error] = await once(client, "error");
  console.log(`closed with unread:    ${error.code}`);
}
// #endregion unread
