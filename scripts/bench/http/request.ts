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
    let bytes = Buffer.alloc(0);
    for await (const piece of socket) {
      bytes = Buffer.concat([bytes, piece as Buffer]);
      const head = bytes.toString("latin1").split("\r\n\r\n")[0] ?? "";
      const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
      const whole = head.length + 4 + Number(length);
      if (!/^HTTP\/1\.1 200 /.test(head) && bytes.includes("\r\n\r\n")) break;
      if (bytes.length >= whole) return bytes.subarray(0, whole);
    }
    throw new Error("the server does not answer a GET with 200 and a length");
  } finally {
    socket.destroy();
  }
}
