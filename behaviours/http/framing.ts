// How bodies are framed: RFC 9112, sections 6 and 7, and the ways to smuggle a request past
// a program that reads them differently (section 11.2).
import { get, HOST, type HttpBehaviour, refuses, request, sends } from "./behaviour.ts";

const post = (...fields: string[]) => request("POST", "/poem.txt", ...fields);
const length = (value: string) => post(`Content-Length: ${value}`);
const coded = (value: string) => post(`Transfer-Encoding: ${value}`);
const CHUNKED = coded("chunked");
/** The body is read to its end: what follows is the next request. */
const next = { status: 405, more: 1, ends: false } as const;
const NEXT = get("/poem.txt");
const chunks = (title: string, body: string, source = "9112 7.1") =>
  sends(title, source, `${CHUNKED}${body}${NEXT}`, next);
const noChunks = (title: string, body: string, why?: string) =>
  refuses(title, "9112 7.1", `${CHUNKED}${body}`, 400, why);

export const FRAMING: readonly HttpBehaviour[] = [
  sends("reads a body by its length", "9112 6.2", `${length("5")}hello${NEXT}`, next),
  sends("reads a body of no bytes", "9112 6.2", `${length("0")}${NEXT}`, next),
  sends("takes zeros before a length", "9110 8.6", `${length("005")}hello${NEXT}`, next),
  sends(
    "reads the body of a GET",
    "9110 9.3.1",
    `${get("/poem.txt", "Content-Length: 5")}hello${NEXT}`,
    { status: 200, more: 1, ends: false },
  ),
  sends(
    "reads a body that looks like a request",
    "9112 11.2",
    `${length(`${NEXT.length}`)}${NEXT}${NEXT}`,
    next,
  ),
  sends(
    "reads a body before it says that there is no such method",
    "9112 9.3",
    `${request("BREW", "/", "Content-Length: 5")}hello${NEXT}`,
    { status: 501, more: 1, ends: false },
  ),
  sends(
    "reads a body before it says that there is no such file",
    "9112 9.3",
    `${get("/nobody", "Content-Length: 5")}hello${NEXT}`,
    { status: 404, more: 1, ends: false },
  ),
  sends(
    "reads a body in pieces",
    "9112 6.2",
    [length("10"), "hello", "world", NEXT],
    next,
  ),

  refuses(
    "refuses two lengths",
    "9112 6.3",
    post("Content-Length: 5", "Content-Length: 6"),
  ),
  refuses(
    "refuses two lengths that are the same",
    "9112 6.3",
    post("Content-Length: 5", "Content-Length: 5"),
    400,
    "section 6.3 lets a recipient take them for one; another one may take the first only",
  ),
  refuses("refuses a list of lengths", "9112 6.3", length("5, 5")),
  refuses("refuses an empty length", "9110 8.6", length("")),
  refuses("refuses a length below zero", "9110 8.6", length("-5")),
  refuses("refuses a length with a plus", "9110 8.6", length("+5")),
  refuses("refuses a length in base 16", "9110 8.6", length("0x5")),
  refuses("refuses a length with a fraction", "9110 8.6", length("5.0")),
  refuses("refuses a length with a blank in it", "9110 8.6", length("1 2")),
  refuses("refuses a length with an underscore", "9110 8.6", length("1_0")),
  refuses("refuses a length with an exponent", "9110 8.6", length("1e1")),
  refuses("refuses a length in another alphabet", "9110 8.6", length("\xd9\xa5")),
  refuses("refuses a length that is a word", "9110 8.6", length("five")),
  refuses(
    "refuses a length that a number cannot hold",
    "9110 8.6",
    length("9".repeat(30)),
    [400, 413],
  ),
  refuses(
    "says 413 to a length beyond its limit",
    "9110 15.5.14",
    length("1048577"),
    413,
  ),
  refuses(
    "says 413 to chunks beyond its limit",
    "9110 15.5.14",
    `${CHUNKED}100001\r\n`,
    413,
  ),
  refuses(
    "says 413 to a chunk that no number holds",
    "9112 7.1",
    `${CHUNKED}${"f".repeat(16)}\r\n`,
    [400, 413],
  ),

  refuses(
    "refuses a length with a coding",
    "9112 6.1",
    `${post("Content-Length: 5", "Transfer-Encoding: chunked")}0\r\n\r\n`,
    400,
    "section 6.1 lets a server go by the coding and close; it also says that this is an attack",
  ),
  refuses(
    "refuses a coding with a length",
    "9112 6.1",
    `${post("Transfer-Encoding: chunked", "Content-Length: 5")}0\r\n\r\n`,
  ),
  refuses(
    "refuses a coding in HTTP/1.0",
    "9112 6.1",
    `POST / HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ),
  refuses("refuses chunked twice", "9112 7.1", `${coded("chunked, chunked")}0\r\n\r\n`),
  refuses(
    "refuses chunked in two fields",
    "9112 7.1",
    `${post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked")}0\r\n\r\n`,
  ),
  refuses(
    "refuses chunked that is not last",
    "9112 6.3",
    `${coded("chunked, gzip")}0\r\n\r\n`,
  ),
  refuses("refuses an empty coding", "9112 6.1", `${coded("")}0\r\n\r\n`),
  refuses(
    "refuses a list with an empty coding",
    "9112 6.1",
    `${coded(", chunked")}0\r\n\r\n`,
    400,
    "RFC 9110, section 5.6.1, has a recipient ignore empty elements; no honest client sends them here",
  ),
  refuses("refuses a quoted coding", "9112 6.1", `${coded('"chunked"')}0\r\n\r\n`),
  refuses(
    "refuses a vertical tab before a coding",
    "9110 5.5",
    `${coded("\x0bchunked")}0\r\n\r\n`,
  ),
  refuses(
    "says 501 to a coding that it does not know",
    "9112 6.1",
    `${coded("gzip, chunked")}0\r\n\r\n`,
    501,
  ),
  refuses(
    "says 501 to an unknown coding alone",
    "9112 6.1",
    `${coded("gzip")}0\r\n\r\n`,
    [501, 400],
    "section 6.1 has 501 for a coding that is not understood, 6.3 has 400 for a last one that is not chunked",
  ),
  refuses(
    "says 501 to a coding called xchunked",
    "9112 6.1",
    `${coded("xchunked")}0\r\n\r\n`,
    [501, 400],
  ),
  refuses(
    "says 501 to identity",
    "9112 6.1",
    `${coded("identity")}0\r\n\r\n`,
    [501, 400],
  ),
  sends(
    "takes chunked in any case",
    "9112 7",
    `${coded("Chunked")}0\r\n\r\n${NEXT}`,
    next,
  ),

  chunks("reads chunks", "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"),
  chunks("reads a body without a chunk", "0\r\n\r\n"),
  chunks(
    "takes a size in either case",
    "a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n",
  ),
  chunks("takes zeros before a size", "0005\r\nhello\r\n000\r\n\r\n"),
  chunks("reads a chunk that looks like the end", "5\r\n0\r\n\r\n\r\n0\r\n\r\n"),
  chunks("ignores an extension", "5;a\r\nhello\r\n0;b\r\n\r\n", "9112 7.1.1"),
  chunks(
    "ignores an extension with a value",
    "5;a=b;c=d\r\nhello\r\n0\r\n\r\n",
    "9112 7.1.1",
  ),
  chunks(
    "ignores an extension in quotes",
    '5;a="b;\\"c"\r\nhello\r\n0\r\n\r\n',
    "9112 7.1.1",
  ),
  chunks(
    "ignores blanks around an extension",
    "5 ; a = b\r\nhello\r\n0\r\n\r\n",
    "9112 7.1.1",
  ),
  chunks("ignores a trailer", "5\r\nhello\r\n0\r\nX: y\r\nZ:\r\n\r\n", "9112 7.1.2"),
  chunks(
    "does not take a trailer for a head",
    "0\r\nContent-Length: 99\r\n\r\n",
    "9112 7.1.2",
  ),
  sends(
    "reads chunks that come byte by byte",
    "9112 7.1",
    [CHUNKED, ..."5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n", NEXT],
    next,
  ),

  noChunks("refuses a chunk without a size", "\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses an invalid size", "x\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses a size with 0x", "0x5\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses a size with a sign", "+5\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses a size below zero", "-5\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses a blank before a size", " 5\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses a blank behind a size", "5 \r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses a tab behind a size", "5\t\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses an underscore in a size", "1_0\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses a comma behind a size", "5,5\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses a chunk that is longer than its size", "4\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses a chunk without its CRLF", "5\r\nhello0\r\n\r\n"),
  noChunks("refuses a chunk that ends with LF", "5\r\nhello\n0\r\n\r\n"),
  noChunks("refuses a chunk that ends with CR", "5\r\nhello\r0\r\n\r\n"),
  noChunks("refuses a size that ends with LF", "5\nhello\r\n0\r\n\r\n"),
  noChunks("refuses a size that ends with CR", "5\rhello\r\n0\r\n\r\n"),
  noChunks("refuses a last chunk that ends with LF", "0\n\r\n"),
  noChunks("refuses an end that is LF", "0\r\n\n"),
  noChunks("refuses an empty extension", "5;\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses an extension with LF in it", "5;a\nb\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses an extension with CR in it", "5;a\rb\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses an extension with a control in it", "5;a=\x01\r\nhello\r\n0\r\n\r\n"),
  noChunks("refuses a quote that does not end", '5;a="b\r\nhello\r\n0\r\n\r\n'),
  noChunks(
    "refuses an extension without end",
    `5;${"a".repeat(20000)}\r\nhello\r\n0\r\n\r\n`,
  ),
  noChunks(
    "refuses a crowd of extensions",
    `${`1;${"a".repeat(200)}\r\nx\r\n`.repeat(200)}0\r\n\r\n`,
    "a byte of body for two hundred that are thrown away (RFC 9112, section 7.1.1)",
  ),
  noChunks("refuses a trailer without a colon", "0\r\nX\r\n\r\n"),
  noChunks("refuses a trailer with a blank before its colon", "0\r\nX : y\r\n\r\n"),
  noChunks("refuses a folded trailer", "0\r\nX: y\r\n z\r\n\r\n"),
  noChunks("refuses a trailer with LF in it", "0\r\nX: y\nZ: a\r\n\r\n"),
  noChunks("refuses a trailer with NUL in it", "0\r\nX: \0\r\n\r\n"),
  noChunks("refuses a trailer without end", `0\r\n${"X: y\r\n".repeat(5000)}\r\n`),
];
