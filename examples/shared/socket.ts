// Reading and writing a TCP connection, one await at a time.
import type { Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";

/**
 * Waits until there is something to read and returns it.
 *
 * What the client sent in one piece may arrive in several, and vice versa: TCP carries
 * bytes, not messages (RFC 9293, section 3.8).
 *
 * @param size The most bytes to return, 1 or more.
 * @returns From 1 to `size` bytes, or null when the client has finished sending.
 * @throws The socket's error, or an `Error` when it was destroyed: nothing more will come.
 * @throws {RangeError} When the size is less than 1: that would wait forever.
 */
export async function read(socket: Socket, size: number): Promise<Buffer | null> {
  if (!(size >= 1)) throw new RangeError(`Cannot read ${size} bytes at a time`);
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
 * The wait is backpressure: a peer that does not read fills the system's buffers, and then
 * the sender is held up, instead of piling up data in memory.
 *
 * @param data Text is sent as UTF-8.
 * @throws The socket's error, or an `Error` when it was destroyed: how much arrived is
 *   unknown.
 */
export function write(socket: Socket, data: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(data, (error) => {
      // Node 20 reports no error when the socket is destroyed in the middle of a write.
      if (!error && !socket.destroyed) resolve();
      else reject(error ?? socket.errored ?? new Error("Cannot write: closed"));
    });
  });
}

/**
 * The lines a client sends, without their ends: `\n` or `\r\n`. The last needs no end.
 *
 * There is no limit to the length of a line: all of it is kept until its end arrives. That
 * takes up to 32 bytes per byte when they arrive one by one (V8 joins two strings by
 * referring to both).
 *
 * When the loop is left early, everything that it has read ahead is lost, including lines
 * that came in the same piece. The next reader gets what comes later.
 *
 * @throws In the loop: the socket's error, when the connection is lost.
 */
export async function* readLines(socket: Socket): AsyncGenerator<string, void> {
  // Holds back the first bytes of a character whose last ones have not arrived yet.
  const decoder = new StringDecoder("utf8");
  let line = "";
  // Without the option, the end of the loop would destroy the socket, and with it what was
  // not yet written.
  for await (const bytes of socket.iterator({ destroyOnReturn: false })) {
    const [first = "", ...others] = decoder.write(bytes).split("\n");
    line += first;
    for (const next of others) {
      yield line.endsWith("\r") ? line.slice(0, -1) : line;
      line = next;
    }
  }
  line += decoder.end();
  if (line !== "") yield line;
}

/**
 * Finishes sending, and discards whatever the client still sends until it has finished too;
 * then the socket closes (a lingering close).
 *
 * A socket that is not read never notices that its peer has closed, and stays open. One
 * that is closed with unread bytes is reset, and the peer may lose our last words
 * (RFC 2525, section 2.17).
 */
export function finish(socket: Socket): void {
  // A reader that stopped early, such as `readLines`, has left its listeners here.
  socket.removeAllListeners("readable").removeAllListeners("data");
  socket.end().resume();
}
