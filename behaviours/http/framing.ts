// How bodies are framed: RFC 9112, sections 6 and 7, and ways to smuggle a request past a
// program that frames them differently (section 11.2).
import { get, HOST, type HttpBehaviour, refuses, request, sends } from "./behaviour.ts";

const post = (...fields: string[]) => request("POST", "/poem.txt", ...fields);
const length = (value: string) => post(`Content-Length: ${value}`);
const coded = (value: string) => post(`Transfer-Encoding: ${value}`);
const CHUNKED = coded("chunked");
/** The body is read to its end: the bytes after it are the next request. */
const next = { status: 405, more: 1, ends: false } as const;
const NEXT = get("/poem.txt");
const chunks = (title: string, body: string, source = "9112 7.1") =>
  sends(title, source, `${CHUNKED}${body}${NEXT}`, next);
const noChunks = (title: string, body: string, why?: string) =>
  refuses(title, "9112 7.1", `${CHUNKED}${body}`, 400, why);

export const FRAMING: readonly HttpBehaviour[] = [
  sends(
    "reads a body framed by Content-Length",
    "9112 6.2",
    `${length("5")}hello${NEXT}`,
    next,
  ),
  sends("reads a body with Content-Length 0", "9112 6.2", `${length("0")}${NEXT}`, next),
  sends(
    "accepts leading zeros in Content-Length",
    "9110 8.6",
    `${length("005")}hello${NEXT}`,
    next,
  ),
  sends(
    "reads the body of a GET request",
    "9110 9.3.1",
    `${get("/poem.txt", "Content-Length: 5")}hello${NEXT}`,
    { status: 200, more: 1, ends: false },
  ),
  sends(
    "reads a body that looks like a request as a body",
    "9112 11.2",
    `${length(`${NEXT.length}`)}${NEXT}${NEXT}`,
    next,
  ),
  sends(
    "reads the body of a request that it answers 501",
    "9112 9.3",
    `${request("BREW", "/", "Content-Length: 5")}hello${NEXT}`,
    { status: 501, more: 1, ends: false },
  ),
  sends(
    "reads the body of a request that it answers 404",
    "9112 9.3",
    `${get("/nobody", "Content-Length: 5")}hello${NEXT}`,
    { status: 404, more: 1, ends: false },
  ),
  sends(
    "reads a body that arrives in pieces",
    "9112 6.2",
    [length("10"), "hello", "world", NEXT],
    next,
  ),

  refuses(
    "refuses two different Content-Length fields",
    "9112 6.3",
    post("Content-Length: 5", "Content-Length: 6"),
  ),
  refuses(
    "refuses two identical Content-Length fields",
    "9112 6.3",
    post("Content-Length: 5", "Content-Length: 5"),
    400,
    "section 6.3 lets a recipient treat them as one; another recipient may use only the first",
  ),
  refuses("refuses a list in Content-Length", "9112 6.3", length("5, 5")),
  refuses("refuses an empty Content-Length", "9110 8.6", length("")),
  refuses("refuses a negative Content-Length", "9110 8.6", length("-5")),
  refuses("refuses a plus sign in Content-Length", "9110 8.6", length("+5")),
  refuses("refuses a hexadecimal Content-Length", "9110 8.6", length("0x5")),
  refuses("refuses a fraction in Content-Length", "9110 8.6", length("5.0")),
  refuses("refuses a space inside Content-Length", "9110 8.6", length("1 2")),
  refuses("refuses an underscore in Content-Length", "9110 8.6", length("1_0")),
  refuses("refuses an exponent in Content-Length", "9110 8.6", length("1e1")),
  refuses("refuses non-ASCII digits in Content-Length", "9110 8.6", length("\xd9\xa5")),
  refuses("refuses a word in Content-Length", "9110 8.6", length("five")),
  refuses(
    "refuses a Content-Length that overflows a number",
    "9110 8.6",
    length("9".repeat(30)),
    [400, 413],
  ),
  refuses(
    "answers 413 to a Content-Length beyond its limit",
    "9110 15.5.14",
    length("1048577"),
    413,
  ),
  refuses(
    "answers 413 to chunks beyond its limit",
    "9110 15.5.14",
    `${CHUNKED}100001\r\n`,
    413,
  ),
  refuses(
    "answers 413 to a chunk size that overflows a number",
    "9112 7.1",
    `${CHUNKED}${"f".repeat(16)}\r\n`,
    [400, 413],
  ),

  refuses(
    "refuses Content-Length before Transfer-Encoding",
    "9112 6.1",
    `${post("Content-Length: 5", "Transfer-Encoding: chunked")}0\r\n\r\n`,
    400,
    "section 6.1 lets a server use the coding and close, but warns that this may be an attack",
  ),
  refuses(
    "refuses Content-Length after Transfer-Encoding",
    "9112 6.1",
    `${post("Transfer-Encoding: chunked", "Content-Length: 5")}0\r\n\r\n`,
  ),
  refuses(
    "refuses Transfer-Encoding in an HTTP/1.0 request",
    "9112 6.1",
    `POST / HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ),
  refuses(
    "refuses chunked twice in one field",
    "9112 7.1",
    `${coded("chunked, chunked")}0\r\n\r\n`,
  ),
  refuses(
    "refuses chunked in two fields",
    "9112 7.1",
    `${post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked")}0\r\n\r\n`,
  ),
  refuses(
    "refuses chunked that is not the final coding",
    "9112 6.3",
    `${coded("chunked, gzip")}0\r\n\r\n`,
  ),
  refuses("refuses an empty Transfer-Encoding", "9112 6.1", `${coded("")}0\r\n\r\n`),
  refuses(
    "refuses an empty element in Transfer-Encoding",
    "9112 6.1",
    `${coded(", chunked")}0\r\n\r\n`,
    400,
    "RFC 9110, section 5.6.1, says to ignore empty elements; no legitimate client sends them here",
  ),
  refuses(
    "refuses a quoted transfer coding",
    "9112 6.1",
    `${coded('"chunked"')}0\r\n\r\n`,
  ),
  refuses(
    "refuses a vertical tab before a transfer coding",
    "9110 5.5",
    `${coded("\x0bchunked")}0\r\n\r\n`,
  ),
  refuses(
    "answers 501 to an unknown coding before chunked",
    "9112 6.1",
    `${coded("gzip, chunked")}0\r\n\r\n`,
    501,
  ),
  refuses(
    "answers 501 to an unknown transfer coding alone",
    "9112 6.1",
    `${coded("gzip")}0\r\n\r\n`,
    [501, 400],
    "section 6.1 asks for 501 when a coding is unknown, 6.3 for 400 when the final one is not chunked",
  ),
  refuses(
    "answers 501 to a transfer coding xchunked",
    "9112 6.1",
    `${coded("xchunked")}0\r\n\r\n`,
    [501, 400],
  ),
  refuses(
    "answers 501 to the transfer coding identity",
    "9112 6.1",
    `${coded("identity")}0\r\n\r\n`,
    [501, 400],
  ),
  sends(
    "accepts chunked in any case",
    "9112 7",
    `${coded("Chunked")}0\r\n\r\n${NEXT}`,
    next,
  ),

  chunks("reads a chunked body", "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"),
  chunks("reads an empty chunked body", "0\r\n\r\n"),
  chunks(
    "accepts a chunk size in either case",
    "a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n",
  ),
  chunks("accepts leading zeros in a chunk size", "0005\r\nhello\r\n000\r\n\r\n"),
  chunks(
    "reads a chunk whose data looks like the last chunk",
    "5\r\n0\r\n\r\n\r\n0\r\n\r\n",
  ),
  chunks("ignores a chunk extension", "5;a\r\nhello\r\n0;b\r\n\r\n", "9112 7.1.1"),
  chunks(
    "ignores a chunk extension with a value",
    "5;a=b;c=d\r\nhello\r\n0\r\n\r\n",
    "9112 7.1.1",
  ),
  chunks(
    "ignores a chunk extension with a quoted value",
    '5;a="b;\\"c"\r\nhello\r\n0\r\n\r\n',
    "9112 7.1.1",
  ),
  chunks(
    "ignores whitespace around a chunk extension",
    "5 ; a = b\r\nhello\r\n0\r\n\r\n",
    "9112 7.1.1",
  ),
  chunks("ignores trailer fields", "5\r\nhello\r\n0\r\nX: y\r\nZ:\r\n\r\n", "9112 7.1.2"),
  chunks(
    "ignores Content-Length in the trailer section",
    "0\r\nContent-Length: 99\r\n\r\n",
    "9112 7.1.2",
  ),
  sends(
    "reads a chunked body byte by byte",
    "9112 7.1",
    [CHUNKED, ..."5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n", NEXT],
    next,
  ),

  noChunks("refuses a chunk without a size", "\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses an invalid chunk size", "x\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses a chunk size with 0x", "0x5\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses a plus sign in a chunk size", "+5\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses a negative chunk size", "-5\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses a space before a chunk size", " 5\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses a space after a chunk size", "5 \r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses a tab after a chunk size", "5\t\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses an underscore in a chunk size", "1_0\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses a comma after a chunk size", "5,5\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses a chunk longer than its size", "4\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses chunk data without its CRLF", "5\r\nhello0\r\n\r\n"),
  noChunks("refuses chunk data that ends with a bare LF", "5\r\nhello\n0\r\n\r\n"),
  noChunks("refuses chunk data that ends with a bare CR", "5\r\nhello\r0\r\n\r\n"),
  noChunks("refuses a chunk size that ends with a bare LF", "5\nhello\r\n0\r\n\r\n"),
  noChunks("refuses a chunk size that ends with a bare CR", "5\rhello\r\n0\r\n\r\n"),
  noChunks("refuses a last chunk that ends with a bare LF", "0\n\r\n"),
  noChunks("refuses a chunked body that ends with a bare LF", "0\r\n\n"),
  noChunks("refuses an empty chunk extension", "5;\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses LF in a chunk extension", "5;a\nb\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses CR in a chunk extension", "5;a\rb\r\nhello\r\n0\r\n\r\n"),
  noChunks(
    "refuses a control character in a chunk extension",
    "5;a=\x01\r\nhello\r\n0\r\n\r\n",
  ),
  noChunks(
    "refuses an unterminated quote in a chunk extension",
    '5;a="b\r\nhello\r\n0\r\n\r\n',
  ),
  noChunks(
    "refuses a chunk extension that is too long",
    `5;${"a".repeat(20000)}\r\nhello\r\n0\r\n\r\n`,
  ),
  noChunks(
    "refuses too many bytes of chunk extensions",
    `${`1;${"a".repeat(200)}\r\nx\r\n`.repeat(200)}0\r\n\r\n`,
    "200 discarded bytes for each byte of body (RFC 9112, section 7.1.1)",
  ),
  noChunks("refuses a trailer field without a colon", "0\r\nX\r\n\r\n"),
  noChunks("refuses a space before the colon of a trailer field", "0\r\nX : y\r\n\r\n"),
  noChunks("refuses a folded trailer field", "0\r\nX: y\r\n z\r\n\r\n"),
  noChunks("refuses a bare LF after a trailer field", "0\r\nX: y\nZ: a\r\n\r\n"),
  noChunks("refuses NUL in a trailer field", "0\r\nX: \0\r\n\r\n"),
  noChunks(
    "refuses a trailer section that is too long",
    `0\r\n${"X: y\r\n".repeat(5000)}\r\n`,
  ),
];
