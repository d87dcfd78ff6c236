// pieces: a pause ends with its time or with its socket, even one that nobody reads.
import { once } from "node:events";
import { expect, test } from "vitest";
import { pause, readPieces } from "../../examples/shared/pieces.ts";
import { connected, ignoreErrors, turns } from "./helpers.ts";

const HOUR = 3_600_000;

test("a pause ends with its time, and leaves nothing behind", async () => {
  const { socket } = await connected();
  const before = socket.listenerCount("close");
  await pause(socket, 1);
  expect(socket.destroyed).toBe(false);
  expect(socket.listenerCount("close")).toBe(before);
});

test("a pause ends when its socket is closed, now or before", async () => {
  const { socket } = await connected();
  const paused = pause(socket, HOUR);
  socket.destroy();
  await paused;
  await pause(socket, HOUR);
});

test("a pause ends when the peer resets, before it or meanwhile", async () => {
  for (const early of [true, false]) {
    const { socket, peer } = await connected();
    ignoreErrors(socket);
    // More than the socket reads ahead: then it does not read the reset either.
    peer.write(Buffer.alloc(4_000_000, "x"));
    const { value } = await readPieces(socket).next();
    expect(value?.length).toBeGreaterThan(0);
    while (socket.readableLength < socket.readableHighWaterMark) await turns();
    if (early) await reset(peer);
    const paused = pause(socket, HOUR);
    if (!early) await reset(peer);
    await paused;
    expect(socket.destroyed).toBe(true);
  }
});

async function reset(peer: Awaited<ReturnType<typeof connected>>["peer"]): Promise<void> {
  peer.resetAndDestroy();
  await once(peer, "close");
}
