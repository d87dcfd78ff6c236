// A server sends a long goodbye to a client that has sent one word too many, and closes in
// one of three ways. Does the goodbye arrive, and is the server's socket closed at the end?
// Run it: just example goodbye
// Page: docs/05-commands.md
import type { Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { finish, write } from "../shared/socket.ts";
import { pair } from "./parts/pair.ts";

/** More than the client's system buffers for a program that does not read. */
const GOODBYE = Buffer.alloc(480_000, "goodbye ");
/** How long a socket may take to close, in milliseconds, before it counts as open. */
const PATIENCE_MS = 500;

// #region ways
const ways: Record<string, (server: Socket) => void> = {
  destroy: (server) => server.destroy(),
  end: (server) => server.end(),
  finish,
};
// #endregion ways

for (const [name, close] of Object.entries(ways)) {
  const { server, client } = await pair();
  await write(client, "one word too many"); // stays unread
  await write(server, GOODBYE); // the system has taken all of it
  close(server);

  // Only now does the client start to read. It may get an error, or an ordinary end.
  let got = 0;
  client.on("data", (bytes) => {
    got += bytes.length;
  });
  client.on("error", () => {});
  client.on("end", () => client.end());
  await closed(client);
  await Promise.race([closed(server), setTimeout(PATIENCE_MS)]);

  let part = got === GOODBYE.length ? "all of it" : "a part of it";
  if (process.argv.includes("--exact")) part = `${got.toLocaleString("en")} bytes`;
  const state = server.closed ? "closed" : "still open";
  console.log(`${name.padEnd(8)} ${part}; the server's socket is ${state}`);
  server.destroy();
}

/** Settles when the socket is closed, for whatever reason. */
async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once("close", resolve));
}
