// A request in two small writes, and its answer: Nagle's algorithm holds back the second
// write until the first is acknowledged, and the other side delays the acknowledgement.
// Then the two cures: TCP_NODELAY, or one write.
// Run it: just example nagle
// Page: docs/asides/tcp.md
import { read, write } from "../shared/socket.ts";
import { type Pair, pair } from "./parts/pair.ts";

const ROUNDS = 20;

// #region exchange
/** Sends a request of two bytes in `pieces`, and waits for an answer of one byte. */
async function exchange({ server, client }: Pair, pieces: string[]): Promise<void> {
  for (const piece of pieces) await write(client, piece);
  for (let got = 0; got < 2; ) got += (await read(server, 2))?.length ?? 2;
  await write(server, ".");
  await read(client, 1);
}
// #endregion exchange

/** How long an exchange takes on a new connection, in milliseconds. */
async function measure(pieces: string[], noDelay: boolean): Promise<number> {
  const both = await pair();
  both.client.setNoDelay(noDelay);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    await exchange(both, pieces);
    times.push(performance.now() - began);
  }
  both.client.destroy();
  both.server.destroy();
  // The median, because another program may take the processor during an exchange.
  return times.sort((a, b) => a - b)[ROUNDS / 2] ?? 0;
}

const slow = await measure(["a", "b"], false);
const undelayed = await measure(["a", "b"], true);
const merged = await measure(["ab"], false);
const compare = (time: number) =>
  slow > 5 * time ? "more than 5 times as fast" : "about as fast";
console.log("two writes a request, against");
console.log(`  two writes with noDelay: ${compare(undelayed)}`);
console.log(`  one write:               ${compare(merged)}`);
// Times differ from one machine to the next, so they are printed on request.
if (process.argv.includes("--exact")) {
  for (const time of [slow, undelayed, merged]) {
    console.log(`  ${time.toFixed(2)} ms a request`);
  }
}
