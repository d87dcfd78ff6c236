// The request that the bench sends to an HTTP server, and the server's first response.
import { connect } from "node:net";
import type { Target } from "../client.ts";

/** The request of a simple client. @param fields More header fields, each ending in CRLF. */
export function requestFor(path: string, fields = ""): string {
  const usual = "Host: localhost\r\nUser-Agent: bench\r\nAccept: */*\r\n";
  return `GET ${path} HTTP/1.1\r\n${usual}${fields}\r\n`;
}

/**
 * The server's response to the request. All other responses must have the same length.
 *
 * @throws {Error} When it is not a 200 with a Content-Length.
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
 * The length of a response, head and body, in bytes. Infinity while its head is incomplete; NaN
 * when it is not a 200 with a Content-Length.
 */
function lengthOf(begun: string): number {
  const end = begun.indexOf("\r\n\r\n");
  if (end === -1) return Infinity;
  const head = begun.slice(0, end);
  if (!/^HTTP\/1\.1 200 /.test(head)) return Number.NaN;
  return end + 4 + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
}
