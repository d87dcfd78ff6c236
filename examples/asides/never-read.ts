// A client sends lines and reads no answers. What stops it? Step 04, with and without the
// `await` before its write.
// Run it: just example never-read
// Page: docs/04-lines.md
import type { Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { readLines, write } from "../shared/socket.ts";
import { pair } from "./parts/pair.ts";

const MEGABYTE = 1_000_000;
/** More than the system's buffers hold. */
const TOTAL = 50 * MEGABYTE;
/** A thousand lines of a hundred bytes. */
const LINES = `${"x".repeat(99)}\n`.repeat(1000);

// #region two
async function waits(socket: Socket): Promise<void> {
  for await (const line of readLines(socket)) await write(socket, `${line} ❤️\n`);
}

async function doesNot(socket: Socket): Promise<void> {
  for await (const line of readLines(socket)) socket.write(`${line} ❤️\n`);
}
// #endregion two

/** Sends until the system takes no more. @returns How many bytes it has taken. */
async function sendLines(client: Socket): Promise<number> {
  let sent = 0;
  // After a second and a half without progress, it counts as stuck.
  for (let still = 0; still < 30; still += 1) {
    while (client.bytesWritten < TOTAL && client.write(LINES)) still = 0;
    await setTimeout(50);
    const now = client.bytesWritten - client.writableLength;
    if (now === TOTAL) return now;
    if (now > sent) still = 0;
    sent = now;
  }
  return sent;
}

const exact = process.argv.includes("--exact");
for (const handleUser of [waits, doesNot]) {
  const { server, client } = await pair();
  const before = process.memoryUsage().rss;
  handleUser(server).catch(() => {}); // fails when its socket is destroyed below
  const sent = await sendLines(client);
  const kept = server.writableLength;
  console.log(`${handleUser.name}:`);
  console.log(
    `  the client ${sent === TOTAL ? "has sent all of its 50 MB" : "is stuck"}`,
  );
  console.log(`  answers kept here: ${kept < MEGABYTE ? "less" : "more"} than 1 MB`);
  if (exact) {
    const growth = process.memoryUsage().rss - before;
    const [a, b, c] = [sent, kept, growth].map((n) => (n / MEGABYTE).toFixed(1));
    console.log(`  sent ${a} MB, kept ${b} MB, memory grew by ${c} MB`);
  }
  client.destroy();
  server.destroy();
}
