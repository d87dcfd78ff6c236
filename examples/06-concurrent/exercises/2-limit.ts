// 06-2-limit: three clients at a time, and the others wait.
// Page: docs/06-concurrent.md, exercise 2
import { on, once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { finish, readLines, write } from "../../shared/socket.ts";

const PORT = Number(process.env.PORT ?? 42069);
const LIMIT = 3;
const HELP = readFileSync(new URL("../help.txt", import.meta.url), "utf8");

// A client that has finished sending may still want to read: keep our half open.
const server = createServer({ allowHalfOpen: true });
server.listen(PORT, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
console.log(`listening on 127.0.0.1:${port}`);

/** A promise for each task that runs. */
const tasks = new Set<Promise<void>>();

// A pending read or write reports a lost connection. While neither is pending, an 'error'
// event without a listener would crash the process. A connection that still waits for the
// loop can be lost too.
server.on("connection", (socket: Socket) => socket.on("error", () => {}));

for await (const [socket] of on(server, "connection")) {
  const task = handleUser(socket)
    .then(() => finish(socket))
    .catch((error: Error) => {
      console.error(`lost a user: ${error.message}`);
      socket.destroy();
    })
    .finally(() => tasks.delete(task));
  tasks.add(task);
  // Wait for a free place, which the first task to end makes, not for a particular task.
  if (tasks.size === LIMIT) await Promise.race(tasks);
}

async function handleUser(socket: Socket): Promise<void> {
  await write(socket, HELP);
  for await (const line of readLines(socket)) {
    const [command] = line.split(/\s+/);
    if (command === "/help") {
      await write(socket, HELP);
    } else if (command === "/quit") {
      return;
    } else {
      await write(socket, `${line} ❤️\n`);
    }
  }
}
