// A client connects and sends while the server's only thread is blocked. The kernel does
// the handshake, and keeps the connection in the backlog until we accept it.
// Run it: just example backlog
// Page: docs/asides/tcp.md
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { text } from "node:stream/consumers";
import { Worker } from "node:worker_threads";

const [CONNECTED, START] = [0, 1];

const server = createServer();
server.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;

const memory = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
const words = new Int32Array(memory);
const client = new Worker(new URL("parts/connector.mjs", import.meta.url), {
  workerData: { memory, port },
});
await once(client, "message");

// #region still
let accepted = 0;
server.on("connection", () => {
  accepted += 1;
});
Atomics.store(words, START, 1);
Atomics.notify(words, START);
Atomics.wait(words, CONNECTED, 0); // blocks this thread: no event loop, no accept
console.log("the client has connected and sent");
console.log(`connections that we have accepted: ${accepted}`);

const [socket] = await once(server, "connection");
console.log(`now we have accepted ${accepted}, and read "${await text(socket)}"`);
// #endregion still
server.close();
