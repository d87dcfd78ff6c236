// A client that sends and receives raw bytes, for the tests of the file servers.
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A parsed answer; status 0 when there is none. */
export interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: Buffer;
}

/** Connects to a server on 127.0.0.1. */
export async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  // A test that expects errors listens for them itself.
  socket.on("error", () => {});
  return socket;
}

/** Sends a request in one or more pieces, and reads until the server closes. */
export async function ask(port: number, ...pieces: string[]): Promise<Answer> {
  const socket = await dial(port);
  const answer = readAnswer(socket);
  for (const piece of pieces) {
    if (!socket.write(piece, "latin1")) await once(socket, "drain");
    // A turn of the loop between pieces, so that each is a separate packet.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return answer;
}

/** A request with Host, the only required field. */
export function requestOf(target: string, method = "GET"): string {
  return `${method} ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
}

/** Reads until the connection closes. */
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
