// Two writers send 64 MB to a reader that does not read yet. One ignores the `false` of
// socket.write, the other waits for `drain`. How much does each keep in memory?
// Run it: just example backpressure
// Page: docs/asides/backpressure.md
import { once } from "node:events";
import type { Socket } from "node:net";
import { pair } from "./parts/pair.ts";
import { turns } from "./parts/turns.ts";

const MEGABYTE = 1024 * 1024;
const TOTAL = 64 * MEGABYTE;
const PIECE = Buffer.alloc(64 * 1024, "x");

// #region ignore
/** Writes everything; the socket keeps what the system does not take. */
async function ignoreFalse(socket: Socket): Promise<void> {
  for (let sent = 0; sent < TOTAL; sent += PIECE.length) socket.write(PIECE);
}
// #endregion ignore

// #region wait
/** Waits while the socket is full. */
async function waitForDrain(socket: Socket): Promise<void> {
  for (let sent = 0; sent < TOTAL; sent += PIECE.length) {
    if (!socket.write(PIECE)) await once(socket, "drain");
  }
}
// #endregion wait

for (const write of [ignoreFalse, waitForDrain]) {
  const { server, client } = await pair();
  let arrived = 0;
  const writing = write(server).then(() => server.end());
  await turns(100);
  const kept = server.writableLength;
  console.log(
    `${write.name}: keeps ${kept > 48 * MEGABYTE ? "more than 48 MB" : kept < MEGABYTE ? "less than 1 MB" : "some MB"}`,
  );
  for await (const bytes of client) arrived += bytes.length;
  await writing;
  console.log(`  all has arrived in the end: ${arrived === TOTAL ? "yes" : "no"}`);
}
