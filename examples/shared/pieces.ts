// The bytes a client sends, as they arrive; and a pause in reading them.
import type { Socket } from "node:net";

/** After each of these there may be something to read, or the stream is over. */
const READ_EVENTS = ["readable", "end", "error", "close"];
const NOTHING = Buffer.alloc(0);
/** How often a pause asks whether the client is still there, in milliseconds. */
const PROBE_INTERVAL = 500;

/**
 * What a client sends, piece by piece, until it has finished sending.
 *
 * The stream's own iterator would work too. But most clients are silent most of the time,
 * and it would keep 0.8 kB of heap more for each of them. When the loop is left early, the
 * socket stays open, and the next reader gets what comes later.
 *
 * @throws In the loop: the socket's error, or an `Error` when it was destroyed.
 */
export async function* readPieces(socket: Socket): AsyncGenerator<Buffer, void> {
  let wake = () => {};
  const listener = () => wake();
  for (const event of READ_EVENTS) socket.on(event, listener);
  try {
    for (;;) {
      const bytes: Buffer | null = socket.read();
      if (bytes !== null) yield bytes;
      else if (socket.readableEnded) return;
      else if (socket.destroyed) throw socket.errored ?? new Error("Cannot read: closed");
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    for (const event of READ_EVENTS) socket.off(event, listener);
  }
}

/**
 * Waits for a while, or until the socket closes. A reset would go unnoticed on a
 * socket that is not being read, so empty writes ask the system whether the client
 * is still there.
 *
 * @param ms Milliseconds.
 */
export function pause(socket: Socket, ms: number): Promise<void> {
  const probe = () => socket.writable && socket.write(NOTHING);
  probe();
  return new Promise((resolve) => {
    const done = () => {
      clearInterval(probes);
      clearTimeout(timer);
      socket.off("close", done);
      resolve();
    };
    const probes = setInterval(probe, PROBE_INTERVAL);
    const timer = setTimeout(done, ms);
    socket.on("close", done);
    if (socket.destroyed) done();
  });
}
