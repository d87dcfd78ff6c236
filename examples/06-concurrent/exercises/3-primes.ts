// 06-3-primes: /primes counts primes, and lets the others have their turn.
// Page: docs/06-concurrent.md, exercise 3
import { on, once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { finish, readLines, write } from "../../shared/socket.ts";

const PORT = Number(process.env.PORT ?? 42069);
const SLICE_MS = 10;
const HELP = readFileSync(new URL("../help.txt", import.meta.url), "utf8");

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
  await write(socket, HELP);
  for await (const line of readLines(socket)) {
    const [command, argument] = line.split(/\s+/);
    if (command === "/help") {
      await write(socket, HELP);
    } else if (command === "/quit") {
      return;
    } else if (command === "/primes") {
      const count = await countPrimes(Number(argument), socket);
      await write(socket, `Primes: ${count}\n`);
    } else {
      await write(socket, `${line} ❤️\n`);
    }
  }
}

/**
 * How many primes are below `limit`. Yields the thread every ten milliseconds.
 *
 * @throws When the client has gone, and nobody needs the result.
 */
async function countPrimes(limit: number, client: Socket): Promise<number> {
  let count = 0;
  let sliceEnd = performance.now() + SLICE_MS;
  for (let n = 2; n < limit; n += 1) {
    if (isPrime(n)) count += 1;
    if (performance.now() < sliceEnd) continue;
    await setImmediate();
    if (client.destroyed) throw new Error(`gone before ${limit}`);
    sliceEnd = performance.now() + SLICE_MS;
  }
  return count;
}

function isPrime(n: number): boolean {
  for (let divisor = 2; divisor * divisor <= n; divisor += 1) {
    if (n % divisor === 0) return false;
  }
  return true;
}
