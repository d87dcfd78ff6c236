// Our parser against Node's, llhttp: llhttp accepts every request that we accept, with the
// same result. It accepts more: we refuse what it repairs (see the table of behaviours).
import { createServer, type IncomingMessage } from "node:http";
import { Duplex } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { BodyReader } from "../../../examples/shared/http-body.ts";
import { HeadReader } from "../../../examples/shared/http-head.ts";

/** A request as one of the parsers understood it. */
interface Seen {
  readonly method: string;
  readonly target: string;
  /** The values of a field that any generated head may have. */
  readonly value: string | undefined;
}

/** The requests that ours accepts, up to the first incomplete or refused one. */
function ours(text: string): Seen[] {
  const bytes = Buffer.from(text, "latin1");
  const head = new HeadReader();
  const seen: Seen[] = [];
  for (let at = 0; head.read(bytes, at, bytes.length) === "whole"; ) {
    const { method, target } = head;
    const one = { method, target, value: head.field("x") };
    const body = new BodyReader(head.framing, 1000);
    const result = body.read(bytes, at + head.length, bytes.length);
    // llhttp accepts only the methods that it knows.
    if (result.is !== "whole" || !/^(GET|HEAD|POST)$/.test(method)) break;
    seen.push(one);
    at = result.at;
  }
  return seen;
}

/** The requests that Node's server accepts over an in-memory connection. */
async function theirs(text: string): Promise<Seen[]> {
  const seen: Seen[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const { method = "", url = "" } = request;
    const value = request.headers["x"];
    seen.push({
      method,
      target: url,
      value: Array.isArray(value) ? value.join(", ") : value,
    });
    request.resume();
    response.end();
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  const connection = new Duplex({
    read: () => {},
    write: (_chunk, _encoding, done) => done(),
    final: (done) => done(),
  });
  // Everything was read, or the connection was closed: nothing more can follow.
  const over = new Promise((resolve) => {
    connection.once("end", resolve).once("close", resolve);
  });
  server.emit("connection", connection);
  connection.push(Buffer.from(text, "latin1"));
  connection.push(null);
  await over;
  connection.destroy();
  return seen;
}

const HOST = "Host: a\r\n";
const field = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      "X: y\r\n",
      "X:\t y \r\n",
      "X:\r\n",
      "x: \xe4,\xff\r\n",
      "Y-Z: 1\r\n",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "X : y\r\n",
      "X: a\nb\r\n",
      "X: a\rb\r\n",
      "X: a\r\n b\r\n",
      "X: \0\r\n",
      "X\r\n",
      ": y\r\n",
      "X: y\n",
      " X: y\r\n",
    ),
  },
);
const body = fc.constantFrom(
  ["", ""],
  ["Content-Length: 5\r\n", "hello"],
  ["Content-Length: 5\r\n", "hell"],
  ["Content-Length: 05\r\n", "hello"],
  ["Content-Length: +5\r\n", "hello"],
  ["Content-Length: 5\r\nContent-Length: 5\r\n", "hello"],
  ["Content-Length: 5, 5\r\n", "hello"],
  ["Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"],
  ["Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"],
  ["Transfer-Encoding: chunked\r\n", "5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n"],
  ["Transfer-Encoding: chunked\r\n", "5 \r\nhello\r\n0\r\n\r\n"],
  ["Transfer-Encoding: chunked\r\n", "5\nhello\r\n0\r\n\r\n"],
  ["Transfer-Encoding: chunked\r\n", "6\r\nhello\r\n0\r\n\r\n"],
  ["Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"],
  ["Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"],
);
const line = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      "GET / HTTP/1.1\r\n",
      "POST /a?b HTTP/1.1\r\n",
      "HEAD /%20 HTTP/1.1\r\n",
      "\r\nGET /x HTTP/1.1\r\n",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "GET  / HTTP/1.1\r\n",
      "GET /\r\n",
      "GET / HTTP/1.1\n",
      "GET / HTTP/1.1 \r\n",
      "GET /\x01 HTTP/1.1\r\n",
      "GET / HTTP/9.9\r\n",
    ),
  },
);
const requests = fc
  .array(fc.tuple(line, fc.array(field, { maxLength: 3 }), body), {
    minLength: 1,
    maxLength: 4,
  })
  .map((some) =>
    some
      .map(([line, fields, [frame = "", content = ""]]) => {
        return `${line}${HOST}${fields.join("")}${frame}\r\n${content}`;
      })
      .join(""),
  );

test("llhttp parses every request that we accept in the same way", async () => {
  const counts = { all: 0, some: 0 };
  await fc.assert(
    fc.asyncProperty(requests, async (text) => {
      const mine = ours(text);
      const seen = await theirs(text);
      expect(seen.slice(0, mine.length), JSON.stringify(text)).toEqual(mine);
      counts.all += 1;
      if (mine.length > 0) counts.some += 1;
    }),
    { numRuns: 1000 },
  );
  // The comparison was not empty.
  expect(counts.some).toBeGreaterThan(counts.all / 8);
});
