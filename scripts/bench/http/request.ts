// What the bench asks of a server of HTTP, and what it answers first.
import { connect } from "node:net";
import type { Target } from "../client.ts";

/** As a simple client asks for a path. @param fields More, each with its line's end. */
export function requestFor(path: string, fields = ""): string {
  const usual = "Host: localhost\r\nUser-Agent: bench\r\nAccept: */*\r\n";
  return `GET ${path} HTTP/1.1\r\n${usual}${fields}\r\n`;
}

/**
 * What the server says to the request; all other responses must be as long.
 *
 * @throws {Error} When that is no 200 with a length.
 */
export async function firstResponse(
  { host, port }: Target,
  request: string,
): Promise<Buffer> {
  const socket = connect({ host, port });
  try {
    socket.write(request);
    const pieces: Buffer[] = [];
    let [got, whole] = [0, Infinity];
    for await (const piece of socket) {
      pieces.push(piece as Buffer);
      got += (piece as Buffer).length;
      if (whole === Infinity) whole = lengthOf(Buffer.concat(pieces).toString("latin1"));
      if (got >= whole) return Buffer.concat(pieces).subarray(0, whole);
      if (Number.isNaN(whole)) break;
    }
    throw new Error("the server does not answer a GET with 200 and a length");
  } finally {
    socket.destroy();
  }
}

/**
 * How long a response is, head and body; Infinity while its head is not whole, NaN when it is no
 * 200 with a length.
 */
function lengthOf(begun: string): number {
  const end = begun.indexOf("\r\n\r\n");
  if (end === -1) return Infinity;
  const head = begun.slice(0, end);
  if (!/^HTTP\/1\.1 200 /.test(head)) return Number.NaN;
  return end + 4 + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
}
