// 08-2-egg: /egg {seconds} sets an egg timer, /egg alone stops it.
// Page: docs/08-chat.md, exercise 2
import { on, once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Broadcast } from "../../shared/broadcast.ts";
import { select } from "../../shared/select.ts";
import { finish, readLines, write } from "../../shared/socket.ts";

const PORT = Number(process.env.PORT ?? 42069);
const HELP = readFileSync(new URL("../help.txt", import.meta.url), "utf8");

const messages = new Broadcast<string>(32);

// A client that has finished sending may still want to read: keep our half open.
const server = createServer({ allowHalfOpen: true });
server.listen(PORT, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
console.log(`listening on 127.0.0.1:${port}`);

for await (const [socket] of on(server, "connection")) {
  // A pending read or write reports a lost connection. While neither is pending, an 'error'
  // event without a listener would crash the process.
  socket.on("error", () => {});
  // Not awaited: it is a task of its own, and the loop accepts the next client at once.
  handleUser(socket)
    .then(() => finish(socket))
    .catch((error: Error) => {
      console.error(`lost a user: ${error.message}`);
      socket.destroy();
    });
}

async function handleUser(socket: Socket): Promise<void> {
  const inbox = messages.subscribe();
  await write(socket, HELP);
  const lines = readLines(socket);
  let egg: AsyncIterable<string> | undefined;
  let timer = new AbortController();
  // However a client leaves, its socket closes: a one-hour egg must not outlive it.
  socket.once("close", () => timer.abort());
  for (;;) {
    const event = await (egg
      ? select({ user: lines, peer: inbox, egg })
      : select({ user: lines, peer: inbox }));
    if (event.done) return;
    if (event.from === "peer") {
      await write(socket, `${event.value}\n`);
      continue;
    }
    if (event.from === "egg") {
      egg = undefined;
      await write(socket, `${event.value}\n`);
      continue;
    }
    const [command, argument] = event.value.split(/\s+/);
    if (command === "/help") {
      await write(socket, HELP);
    } else if (command === "/egg") {
      timer.abort();
      timer = new AbortController();
      egg = argument ? boil(Number(argument), timer.signal) : undefined;
    } else if (command === "/quit") {
      return;
    } else {
      messages.send(`${event.value} ❤️`);
    }
  }
}

/** One value, after `seconds`. @throws In `next`: an `AbortError`, when stopped. */
async function* boil(seconds: number, signal: AbortSignal): AsyncGenerator<string, void> {
  yield await sleep(seconds * 1000, "Your egg is ready", { signal });
}
