// Reading and writing a TCP connection, one await at a time.
import type { Socket } from "node:net";
import { createInterface } from "node:readline";

/**
 * Waits until there is something to read and returns it.
 *
 * What the client sent in one piece may come in several, and the other way round: TCP
 * carries bytes, not messages (RFC 9293, section 3.8).
 *
 * @param size The most bytes to return, 1 or more.
 * @returns From 1 to `size` bytes, or null when the client has finished sending.
 * @throws The socket's error, or an `Error` when it was destroyed: nothing more will come.
 */
export async function read(socket: Socket, size: number): Promise<Buffer | null> {
  for (;;) {
    // Asking for more bytes than there are returns none; asking for 0 starts the reading.
    const bytes: Buffer | null = socket.read(Math.min(size, socket.readableLength));
    if (bytes !== null) return bytes;
    if (socket.readableEnded) return null;
    if (socket.destroyed) throw socket.errored ?? new Error("Cannot read: closed");
    await readable(socket);
  }
}

/** Settles at the next event that may have changed what `read` finds. */
function readable(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const events = ["readable", "end", "error", "close"];
    const settle = () => {
      for (const event of events) socket.off(event, settle);
      resolve();
    };
    for (const event of events) socket.on(event, settle);
  });
}

/**
 * Writes all of `data` and waits until the operating system has taken it.
 *
 * The wait is backpressure: a peer that does not read fills the system's buffers, and
 * then whoever writes to it stands still, instead of piling up memory here.
 *
 * @param data Text is sent as UTF-8.
 * @throws The socket's error: the connection was lost, and how much arrived is unknown.
 */
export function write(socket: Socket, data: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(data, (error) => (error ? reject(error) : resolve()));
  });
}

/**
 * The lines a client sends, without their ends, through Node's own line reader.
 *
 * A line ends at `\n` or `\r\n`. Node's reader also takes a `\r` alone for an end, and
 * since Node 24 U+2028 and U+2029. The last line needs no end. There is no limit to the
 * length of a line: all of it is kept until its end comes.
 *
 * Call it where the reading starts, and only once: from then on the socket belongs to the
 * reader, which goes on reading (and drops the lines) when the loop over it has ended.
 *
 * @throws In the loop: the socket's error, when the connection is lost.
 */
export function readLines(socket: Socket): AsyncIterableIterator<string> {
  // A pause between \r and \n must not make two line ends of them.
  const reader = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY });
  // The reader passes the socket's error on, as an event of its own. The loop throws it;
  // when the loop is over nobody listens, and an unheard error ends the process.
  reader.on("error", () => {});
  // Destroying a socket ends no line reader: without this its loop would wait for ever.
  socket.on("close", () => reader.close());
  return reader[Symbol.asyncIterator]();
}
