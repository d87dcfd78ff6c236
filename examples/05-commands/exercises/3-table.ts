// 05-3-table: one table holds the commands, and the help is made from it.
// Page: docs/05-commands.md, exercise 3
import { on, once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { finish, readLines, write } from "../../shared/socket.ts";

const PORT = Number(process.env.PORT ?? 42069);

interface Command {
  /** What the help says about it. */
  readonly does: string;
  /** @returns what to answer; null to end the connection. */
  readonly run: (user: User) => string | null;
}

/** What we know about a client. */
interface User {
  lines: number;
}

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["/help", { does: "prints this message", run: () => HELP }],
  ["/count", { does: "counts your lines", run: ({ lines }) => `Lines: ${lines}\n` }],
  ["/quit", { does: "quits server", run: () => null }],
]);
const rows = Array.from(COMMANDS, ([word, { does }]) => `  ${word} - ${does}\n`);
const HELP = `Server commands\n${rows.join("")}`;

// A client that has finished sending may still want to read: keep our half open.
const server = createServer({ allowHalfOpen: true });
server.listen(PORT, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
console.log(`listening on 127.0.0.1:${port}`);

for await (const [socket] of on(server, "connection")) {
  await handleUser(socket);
  finish(socket);
}

async function handleUser(socket: Socket): Promise<void> {
  const user: User = { lines: 0 };
  await write(socket, HELP);
  for await (const line of readLines(socket)) {
    const [word = ""] = line.split(/\s+/);
    const command = COMMANDS.get(word);
    if (command === undefined) user.lines += 1;
    const answer = command ? command.run(user) : `${line} ❤️\n`;
    if (answer === null) return;
    await write(socket, answer);
  }
}
