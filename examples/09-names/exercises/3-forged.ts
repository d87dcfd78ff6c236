// 09-3-forged: no client can write over its name.
// Page: docs/09-names.md, exercise 3
import { on, once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Broadcast } from "../../shared/broadcast.ts";
import { randomName } from "../../shared/names.ts";
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
  const name = randomName();
  const inbox = messages.subscribe();
  await write(socket, `${HELP}You are ${name}\n`);
  const lines = readLines(socket);
  for (;;) {
    const event = await select({ user: lines, peer: inbox });
    if (event.done) return;
    if (event.from === "peer") {
      await write(socket, `${event.value}\n`);
      continue;
    }
    const [command] = event.value.split(/\s+/);
    if (command === "/help") {
      await write(socket, HELP);
    } else if (command === "/quit") {
      return;
    } else {
      messages.send(`${name}: ${printable(event.value)}`);
    }
  }
}

/**
 * The text without what moves a terminal's cursor or changes the direction of writing,
 * which could hide the name before it. Emoji joiners are in another category, and stay.
 */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, "\u{fffd}");
}
