// A client that speaks bytes, for the tests of the file servers.
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** What came back, and how it ended. */
export interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: Buffer;
}

/** A connection to a server of 127.0.0.1. */
export async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  // A test that is interested listens itself.
  socket.on("error", () => {});
  return socket;
}

/** Sends a request, in one piece or several, and reads all that comes. */
export async function ask(port: number, ...pieces: string[]): Promise<Answer> {
  const socket = await dial(port);
  const answer = readAnswer(socket);
  for (const piece of pieces) {
    if (!socket.write(piece, "latin1")) await once(socket, "drain");
    // So that each is a packet of its own: the next turn, and the one after.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return answer;
}

/** As `GET /path HTTP/1.1` with the one field that must be. */
export function requestOf(target: string, method = "GET"): string {
  return `${method} ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
}

/** All that comes until the end of the connection. */
export async function readAnswer(socket: Socket): Promise<Answer> {
  const pieces: Buffer[] = [];
  socket.on("data", (piece: Buffer) => pieces.push(piece));
  await once(socket, "close");
  const bytes = Buffer.concat(pieces);
  const end = bytes.indexOf("\r\n\r\n");
  const head = bytes.toString("latin1", 0, end === -1 ? bytes.length : end);
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? 0);
  return { status, head, body: bytes.subarray(end === -1 ? bytes.length : end + 4) };
}
