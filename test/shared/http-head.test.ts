// Request heads: what is accepted and what is refused. The result does not depend on how a
// head is split.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HEAD_LIMIT, HeadReader } from "../../examples/shared/http-head.ts";

const reader = new HeadReader();

function read(text: string, from = 0) {
  const bytes = Buffer.from(text, "latin1");
  return reader.read(bytes, from, bytes.length);
}

/** The reader's first result that is not "more", when the bytes arrive one by one. */
function readSlowly(text: string) {
  const bytes = Buffer.from(text, "latin1");
  for (let to = 0; to <= bytes.length; to += 1) {
    const result = reader.read(bytes, 0, to);
    if (result !== "more") return result;
  }
  return "more";
}

const HOST = "Host: localhost\r\n";

test("a request is read, and the bytes after it are left", () => {
  const first = `GET /a?b HTTP/1.1\r\n${HOST}Accept:  text/html \t\r\nX:\r\n\r\n`;
  const second = "HEAD / HTTP/1.0\r\n\r\n";
  expect(read(first + second)).toBe("whole");
  expect(reader.method).toBe("GET");
  expect(reader.target).toBe("/a?b");
  expect(reader.length).toBe(first.length);
  expect(reader.field("host")).toBe("localhost");
  expect(reader.field("accept")).toBe("text/html");
  expect(reader.field("x")).toBe("");
  expect(reader.field("cookie")).toBeUndefined();
  expect(read(first + second, first.length)).toBe("whole");
  expect(reader.method).toBe("HEAD");
  expect(reader.target).toBe("/");
  expect(reader.length).toBe(second.length);
  // Nothing of the previous request is left.
  expect(reader.field("host")).toBeUndefined();
});

test("repeated fields are joined to a list, whatever the case of their names", () => {
  expect(read(`GET / HTTP/1.1\r\n${HOST}Via: a\r\nvIA: b, c\r\n\r\n`)).toBe("whole");
  expect(reader.field("via")).toBe("a, b, c");
  expect(reader.count("via")).toBe(2);
});

test.each([
  ["HTTP/1.1", "", true],
  ["HTTP/1.1", "Connection: close\r\n", false],
  ["HTTP/1.1", "Connection: x,Close\r\n", false],
  ["HTTP/1.1", "Connection: closed\r\n", true],
  ["HTTP/1.1", "Connection: x\r\nConnection: close\r\n", false],
  ["HTTP/1.0", "", false],
  ["HTTP/1.0", "Connection: Keep-Alive\r\n", true],
  ["HTTP/1.0", "Connection: keep-alive , close\r\n", false],
])("%s with %j keeps the connection: %s", (version, fields, stays) => {
  expect(read(`GET / ${version}\r\n${HOST}${fields}\r\n`)).toBe("whole");
  expect(reader.keepAlive).toBe(stays);
});

// With a pattern that tries each of these blanks as the beginning of a match, both would take
// hours.
test("the time for a list is proportional to its length", () => {
  const patient = new HeadReader({ head: 1 << 23 });
  const blanks = " ".repeat(1 << 22);
  const result = (fields: string) => {
    const bytes = Buffer.from(`GET / HTTP/1.1\r\n${HOST}${fields}\r\n`, "latin1");
    return patient.read(bytes, 0, bytes.length);
  };
  expect(result(`Connection: a${blanks}b,close\r\n`)).toBe("whole");
  expect(patient.keepAlive).toBe(false);
  expect(result(`Transfer-Encoding: a${blanks}b,chunked\r\n`)).toBe(400);
});

test("only spaces and tabs surround a member of a list", () => {
  expect(read(`GET / HTTP/1.1\r\n${HOST}Connection: x \t,\t close \r\n\r\n`)).toBe(
    "whole",
  );
  expect(reader.keepAlive).toBe(false);
  expect(read(`GET / HTTP/1.1\r\n${HOST}Connection: x,\xa0close\r\n\r\n`)).toBe("whole");
  expect(reader.keepAlive).toBe(true);
  const coding = "Transfer-Encoding: chunked\xa0\r\n";
  expect(read(`POST / HTTP/1.1\r\n${HOST}${coding}\r\n`)).toBe(400);
});

test.each([
  ["", false],
  ["Content-Length: 0\r\n", false],
  ["Content-Length: 000\r\n", false],
  ["Content-Length: 10\r\n", true],
  ["Transfer-Encoding: chunked\r\n", true],
])("with %j a body follows: %s", (fields, follows) => {
  expect(read(`POST / HTTP/1.1\r\n${HOST}${fields}\r\n`)).toBe("whole");
  expect(reader.hasBody).toBe(follows);
});

const line = "GET / HTTP/1.1\r\n";
const many = (count: number) => "X: y\r\n".repeat(count);
const refused: [why: string, status: number, text: string][] = [
  ["no method", 400, " / HTTP/1.1\r\n"],
  ["no target", 400, "GET  HTTP/1.1\r\n"],
  ["no version", 400, "GET /\r\n"],
  ["two spaces", 400, "GET /  HTTP/1.1\r\n"],
  ["a tab", 400, "GET\t/ HTTP/1.1\r\n"],
  ["a method with a slash", 400, "G/T / HTTP/1.1\r\n"],
  ["a control character in the target", 400, "GET /\x01 HTTP/1.1\r\n"],
  ["a byte above 0x7F in the target", 400, "GET /\xe4 HTTP/1.1\r\n"],
  ["a lowercase protocol name", 400, "GET / http/1.1\r\n"],
  ["a long version", 400, "GET / HTTP/1.10\r\n"],
  ["a space after the version", 400, "GET / HTTP/1.1 \r\n"],
  ["a bare LF", 400, "GET / HTTP/1.1\n"],
  ["HTTP/2", 505, "GET / HTTP/2.0\r\n"],
  ["HTTP/0.9", 505, "GET / HTTP/0.9\r\n"],
  ["another protocol", 400, "SSH-2.0-OpenSSH_9.2\r\n"],
  ["a bare CR before the request line", 400, "\rGET / HTTP/1.1\r\n"],
  ["a bare LF before the request line", 400, "\nGET / HTTP/1.1\r\n"],
  ["empty lines without end", 431, "\r\n".repeat(HEAD_LIMIT / 2)],
  ["no host", 400, `${line}\r\n`],
  ["two hosts", 400, `${line}${HOST}${HOST}\r\n`],
  ["a space before the colon", 400, `${line}Host : x\r\n\r\n`],
  ["a field without a name", 400, `${line}: x\r\n\r\n`],
  ["a field without a colon", 400, `${line}Host\r\n\r\n`],
  ["a folded field", 400, `${line}${HOST}X: a\r\n b\r\n\r\n`],
  ["a space before the first field", 400, `${line} Host: x\r\n\r\n`],
  ["a bare CR in a value", 400, `${line}${HOST}X: a\rb\r\n\r\n`],
  ["a bare LF in a value", 400, `${line}${HOST}X: a\nb\r\n\r\n`],
  ["NUL in a value", 400, `${line}${HOST}X: a\0b\r\n\r\n`],
  ["DEL in a value", 400, `${line}${HOST}X: a\x7fb\r\n\r\n`],
  ["an end without its LF", 400, `${line}${HOST}\r\r\n`],
  [
    "two Content-Length fields",
    400,
    `${line}${HOST}Content-Length: 1\r\nContent-Length: 1\r\n\r\n`,
  ],
  ["a list in Content-Length", 400, `${line}${HOST}Content-Length: 1, 1\r\n\r\n`],
  ["a negative Content-Length", 400, `${line}${HOST}Content-Length: -1\r\n\r\n`],
  ["a plus sign in Content-Length", 400, `${line}${HOST}Content-Length: +1\r\n\r\n`],
  ["an empty Content-Length", 400, `${line}${HOST}Content-Length:\r\n\r\n`],
  [
    "Content-Length and Transfer-Encoding",
    400,
    `${line}${HOST}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`,
  ],
  ["a long target", 414, `GET /${"x".repeat(4096)} HTTP/1.1\r\n`],
  ["a target without end", 414, `GET /${"x".repeat(4096)}`],
  ["a field without end", 431, `${line}X: ${"x".repeat(HEAD_LIMIT)}`],
  ["a method without end", 431, "G".repeat(HEAD_LIMIT)],
  ["too many fields", 431, `${line}${HOST}${many(100)}\r\n`],
];

describe("it refuses", () => {
  test.each(refused)("%s", (_, status, text) => {
    expect(read(text)).toBe(status);
    expect(readSlowly(text)).toBe(status);
  });
});

test("empty lines before a request are skipped, and counted", () => {
  const request = `GET / HTTP/1.1\r\n${HOST}\r\n`;
  for (const before of ["\r\n", "\r\n\r\n\r\n"]) {
    expect(read(before + request)).toBe("whole");
    expect(readSlowly(before + request)).toBe("whole");
    expect(reader.length).toBe(before.length + request.length);
    expect(reader.method).toBe("GET");
    expect(reader.field("host")).toBe("localhost");
  }
});

test.each([
  ["http://localhost/poem.txt?lang=en", "/poem.txt?lang=en"],
  ["HTTP://localhost:80/", "/"],
  ["http://localhost", "/"],
  ["http://localhost?lang=en", "/?lang=en"],
  ["https://localhost//x", "//x"],
  ["ftp://localhost/x", "ftp://localhost/x"],
  ["http:///x", "http:///x"],
  ["localhost:80", "localhost:80"],
  ["*", "*"],
  ["/http://localhost/x", "/http://localhost/x"],
])("of the target %s it is %s", (sent, target) => {
  expect(read(`GET ${sent} HTTP/1.1\r\n${HOST}\r\n`)).toBe("whole");
  expect(reader.target).toBe(target);
});

test("accepts fields and bytes up to the limits", () => {
  expect(read(`${line}${HOST}${many(99)}\r\n`)).toBe("whole");
  const fill = HEAD_LIMIT - `${line}${HOST}X: \r\n\r\n`.length;
  expect(read(`${line}${HOST}X: ${"x".repeat(fill)}\r\n\r\n`)).toBe("whole");
  expect(read(`${line}${HOST}X: ${"x".repeat(fill + 1)}\r\n\r\n`)).toBe(431);
  expect(read(`GET /${"x".repeat(4095)} HTTP/1.1\r\n${HOST}\r\n`)).toBe("whole");
});

test("bytes that have not arrived are not read", () => {
  const bytes = Buffer.from(`${line}${HOST}\r\n`, "latin1");
  for (let to = 0; to < bytes.length; to += 1) {
    expect(reader.read(bytes, 0, to), `${to} bytes`).toBe("more");
  }
});

/** Parts of valid and invalid requests in any order: random bytes rarely form them. */
const pieces = fc.array(
  fc.oneof(
    fc.constantFrom("GET ", "/", " HTTP/1.1", " HTTP/1.0", "\r\n", "\r", "\n", " ", ":"),
    fc.constantFrom("Host", ": ", "x", "Content-Length", "0", "7", "Connection", "close"),
    fc.string({ unit: "binary-ascii", maxLength: 3 }),
  ),
  { maxLength: 30 },
);

test("the result is the same byte by byte, whatever the bytes", () => {
  fc.assert(
    fc.property(pieces, (parts) => {
      const text = parts.join("");
      expect(readSlowly(text)).toBe(read(text));
    }),
    { numRuns: 3000 },
  );
});

test("a generated request is parsed into its parts", () => {
  const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/);
  const value = fc.stringMatching(/^[!-~]{0,8}$/);
  const own = token.filter(
    (name) => !/^(host|content-length|transfer-encoding|connection)$/i.test(name),
  );
  const fields = fc.array(fc.tuple(own, value), { maxLength: 8 });
  const target = fc.stringMatching(/^[!-~]{1,20}$/);
  fc.assert(
    fc.property(token, target, fields, (method, path, list) => {
      const lines = list.map(([name, content]) => `${name}:\t ${content} \r\n`).join("");
      expect(read(`${method} ${path} HTTP/1.1\r\n${HOST}${lines}\r\n`)).toBe("whole");
      expect(reader.method).toBe(method);
      expect(reader.target).toBe(path);
      for (const [name] of list) {
        const same = list.filter(([other]) => other.toLowerCase() === name.toLowerCase());
        const expected = same.map(([, content]) => content).join(", ");
        expect(reader.field(name.toLowerCase())).toBe(expected);
      }
    }),
  );
});
