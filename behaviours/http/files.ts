// Files, conditional requests and ranges: RFC 9110, sections 8, 13 and 14. Every server
// serves the same folder, examples/shared/public.

import { Unmet } from "../client.ts";
import { fits, get, type HttpBehaviour, request, sends } from "./behaviour.ts";
import type { HttpClient } from "./client.ts";

const POEM =
  "The kernel waits for no one, yet\nit lets us wait, and pays the debt:\n" +
  "a byte arrives, a bell is rung,\nand we are run from where we hung.\n";
const DATE = /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/;
const OLD = "Sun, 06 Nov 1994 08:49:37 GMT";
const whole = { status: 200, body: POEM, ends: false } as const;
const poem = (...fields: string[]) => get("/poem.txt", ...fields);
const notFound = (title: string, target: string, source = "9110 15.5.5") =>
  sends(title, source, get(target), { status: 404, ends: false });
const range = (title: string, value: string, first: number, last: number) =>
  sends(title, "9110 14.2", poem(`Range: bytes=${value}`), {
    status: 206,
    body: POEM.slice(first, last + 1),
    fields: {
      "content-range": new RegExp(`^bytes ${first}-${last}/${POEM.length}$`),
      "content-length": new RegExp(`^${last - first + 1}$`),
      etag: /^"/,
      date: DATE,
    },
    ends: false,
  });
const noRange = (title: string, value: string) =>
  sends(title, "9110 14.2", poem(`Range: ${value}`), {
    ...whole,
    fields: { "content-range": undefined },
  });
const unsatisfiable = (title: string, value: string) =>
  sends(title, "9110 15.5.17", poem(`Range: bytes=${value}`), {
    status: 416,
    fields: { "content-range": new RegExp(`^bytes \\*/${POEM.length}$`) },
    ends: false,
  });

/** A conditional request, made with the file's ETag and Last-Modified. */
function condition(
  title: string,
  source: string,
  fields: (etag: string, modified: string) => readonly string[],
  status: number,
  method = "GET",
): HttpBehaviour {
  const run = async (open: () => Promise<HttpClient>) => {
    const client = await open();
    await client.send(poem());
    const first = await client.answer();
    const etag = first.fields.get("etag") ?? "";
    const modified = first.fields.get("last-modified") ?? "";
    if (!/^"[^"]*"$/.test(etag)) throw new Unmet("a strong ETag", etag);
    await client.send(request(method, "/poem.txt", ...fields(etag, modified)));
    const answer = await client.answer(method);
    fits(answer, { status, fields: { date: DATE } });
    if (status === 304) fits(answer, { status, fields: { etag: /^"/ }, body: "" });
    if (status === 200 && method === "GET") fits(answer, { status, body: POEM });
    await client.send(poem());
    fits(await client.answer(), { status: 200 });
  };
  return { title, source, run };
}

export const FILES: readonly HttpBehaviour[] = [
  sends("serves a file with its fields", "9110 8", poem(), {
    ...whole,
    fields: {
      "content-type": /^text\/plain\b/,
      "content-length": new RegExp(`^${POEM.length}$`),
      "last-modified": DATE,
      date: DATE,
      etag: /^"[\x21\x23-\x7e]+"$/,
      "transfer-encoding": undefined,
    },
  }),
  sends("serves index.html for /", "9110 8.3", get("/"), {
    status: 200,
    fields: { "content-type": /^text\/html\b/ },
    ends: false,
  }),
  sends("serves a style sheet as text/css", "9110 8.3", get("/style.css"), {
    status: 200,
    fields: { "content-type": /^text\/css\b/ },
  }),
  sends("serves an SVG image as image/svg+xml", "9110 8.3", get("/heart.svg"), {
    status: 200,
    fields: { "content-type": /^image\/svg\+xml\b/ },
  }),
  sends("answers HEAD without a body", "9110 9.3.2", request("HEAD", "/poem.txt"), {
    status: 200,
    fields: { "content-length": new RegExp(`^${POEM.length}$`) },
    ends: false,
  }),
  sends(
    "answers HEAD for a missing file without a body",
    "9110 9.3.2",
    request("HEAD", "/nobody"),
    { status: 404, ends: false },
  ),
  sends("sends Date with a 404", "9110 6.6.1", get("/nobody"), {
    status: 404,
    fields: { date: DATE },
  }),
  sends("sends Date with a 400", "9110 6.6.1", "nonsense\r\n\r\n", {
    status: 400,
    fields: { date: DATE },
  }),
  sends("answers GET for a route", "9110 4", get("/hello/Ann"), {
    status: 200,
    body: "Hello, Ann!\n",
    fields: { "content-type": /^text\/plain\b/ },
    ends: false,
  }),
  sends("percent-decodes a name in a route", "3986 2.1", get("/hello/Ann%20%c3%84%2FB"), {
    status: 200,
    body: "Hello, Ann \xc3\x84/B!\n",
  }),
  sends("answers HEAD for a route", "9110 9.3.2", request("HEAD", "/hello/Ann"), {
    status: 200,
    fields: { "content-length": /^12$/ },
    ends: false,
  }),
  sends(
    "delays an answer by the requested time",
    "9110 4",
    get("/slow/30/poem.txt"),
    whole,
  ),

  notFound("answers 404 for a missing file", "/nobody"),
  notFound("answers 404 for a file with a trailing slash", "/poem.txt/"),
  notFound("answers 404 for a path below a file", "/poem.txt/x"),
  notFound("answers 404 for an empty path segment", "//poem.txt"),
  notFound("never leaves its folder: dots", "/../http.ts", "3986 5.2.4"),
  notFound(
    "never leaves its folder: dots after a name",
    "/x/../../http.ts",
    "3986 5.2.4",
  ),
  notFound(
    "never leaves its folder: percent-encoded dots",
    "/%2e%2e/http.ts",
    "3986 2.3",
  ),
  notFound(
    "never leaves its folder: one percent-encoded dot",
    "/.%2E/http.ts",
    "3986 2.3",
  ),
  notFound(
    "never leaves its folder: a percent-encoded slash",
    "/..%2fhttp.ts",
    "3986 2.2",
  ),
  notFound(
    "never leaves its folder: double-encoded dots",
    "/%252e%252e/http.ts",
    "3986 2.4",
  ),
  notFound(
    "never leaves its folder: a target in absolute form",
    "http://localhost/../http.ts",
    "3986 5.2.4",
  ),
  notFound(
    "never leaves its folder: an absolute system path",
    "//etc/passwd",
    "3986 3.3",
  ),
  notFound(
    "does not split a segment at a percent-encoded slash",
    "/x%2f..%2fpoem.txt",
    "3986 2.2",
  ),
  notFound("answers 404 for a dot segment", "/./poem.txt", "3986 5.2.4"),
  notFound("answers 404 for a hidden file", "/.gitignore"),
  notFound("answers 404 for a hidden file with a percent-encoded dot", "/%2egitignore"),
  notFound("answers 404 for a name of 300 bytes", `/${"x".repeat(300)}`),
  notFound("answers 404 for a route without its name", "/hello/"),
  notFound("answers 404 for a delay that is not a number", "/slow/soon/poem.txt"),

  condition(
    "answers 304 when If-None-Match has its ETag",
    "9110 13.1.2",
    (etag) => [`If-None-Match: ${etag}`],
    304,
  ),
  condition(
    "answers 304 to HEAD when If-None-Match has its ETag",
    "9110 13.1.2",
    (etag) => [`If-None-Match: ${etag}`],
    304,
    "HEAD",
  ),
  condition(
    "compares ETags weakly for If-None-Match",
    "9110 8.8.3.2",
    (etag) => [`If-None-Match: W/${etag}`],
    304,
  ),
  condition(
    "finds its ETag in a list in If-None-Match",
    "9110 13.1.2",
    (etag) => [`If-None-Match: "a", W/"b",${etag}`],
    304,
  ),
  condition(
    "finds its ETag in the second of two If-None-Match fields",
    "9110 5.3",
    (etag) => ['If-None-Match: "a"', `If-None-Match: ${etag}`],
    304,
  ),
  condition(
    "answers 304 to If-None-Match: *",
    "9110 13.1.2",
    () => ["If-None-Match: *"],
    304,
  ),
  condition(
    "answers 200 when If-None-Match has another ETag",
    "9110 13.1.2",
    () => ['If-None-Match: "another"'],
    200,
  ),
  condition(
    "ignores an ETag without quotes in If-None-Match",
    "9110 8.8.3",
    (etag) => [`If-None-Match: ${etag.slice(1, -1)}`],
    200,
  ),
  condition(
    "answers 304 when If-Modified-Since is its Last-Modified",
    "9110 13.1.3",
    (_, date) => [`If-Modified-Since: ${date}`],
    304,
  ),
  condition(
    "answers 200 when If-Modified-Since is older",
    "9110 13.1.3",
    () => [`If-Modified-Since: ${OLD}`],
    200,
  ),
  condition(
    "reads a date in RFC 850 format",
    "9110 5.6.7",
    () => ["If-Unmodified-Since: Sunday, 06-Nov-94 08:49:37 GMT"],
    412,
  ),
  condition(
    "reads a date in asctime format",
    "9110 5.6.7",
    () => ["If-Unmodified-Since: Sun Nov  6 08:49:37 1994"],
    412,
  ),
  condition(
    "ignores an invalid date in If-Modified-Since",
    "9110 13.1.3",
    () => ["If-Modified-Since: yesterday"],
    200,
  ),
  condition(
    "ignores If-Modified-Since next to If-None-Match",
    "9110 13.1.3",
    (_, date) => ['If-None-Match: "another"', `If-Modified-Since: ${date}`],
    200,
  ),
  condition(
    "answers 412 when If-Match has another ETag",
    "9110 13.1.1",
    () => ['If-Match: "another"'],
    412,
  ),
  condition(
    "compares ETags strongly for If-Match",
    "9110 8.8.3.2",
    (etag) => [`If-Match: W/${etag}`],
    412,
  ),
  condition(
    "answers 200 when If-Match has its ETag",
    "9110 13.1.1",
    (etag) => [`If-Match: "a", ${etag}`],
    200,
  ),
  condition("answers 200 to If-Match: *", "9110 13.1.1", () => ["If-Match: *"], 200),
  condition(
    "answers 412 when modified after If-Unmodified-Since",
    "9110 13.1.4",
    () => [`If-Unmodified-Since: ${OLD}`],
    412,
  ),
  condition(
    "answers 200 when not modified after If-Unmodified-Since",
    "9110 13.1.4",
    (_, date) => [`If-Unmodified-Since: ${date}`],
    200,
  ),
  condition(
    "ignores an invalid date in If-Unmodified-Since",
    "9110 13.1.4",
    () => ["If-Unmodified-Since: yesterday"],
    200,
  ),
  condition(
    "ignores If-Unmodified-Since next to If-Match",
    "9110 13.2.2",
    (etag) => [`If-Match: ${etag}`, `If-Unmodified-Since: ${OLD}`],
    200,
  ),
  condition(
    "evaluates If-Match before If-None-Match",
    "9110 13.2.2",
    (etag) => ['If-Match: "a"', `If-None-Match: ${etag}`],
    412,
  ),
  condition(
    "evaluates If-None-Match before Range",
    "9110 13.2.2",
    (etag) => [`If-None-Match: ${etag}`, "Range: bytes=0-1"],
    304,
  ),
  condition(
    "answers 206 when If-Range has its ETag",
    "9110 13.1.5",
    (etag) => [`If-Range: ${etag}`, "Range: bytes=0-1"],
    206,
  ),
  condition(
    "answers 200 when If-Range has another ETag",
    "9110 13.1.5",
    () => ['If-Range: "a"', "Range: bytes=0-1"],
    200,
  ),
  condition(
    "compares ETags strongly for If-Range",
    "9110 13.1.5",
    (etag) => [`If-Range: W/${etag}`, "Range: bytes=0-1"],
    200,
  ),
  condition(
    "answers 200 when If-Range has an older date",
    "9110 13.1.5",
    () => [`If-Range: ${OLD}`, "Range: bytes=0-1"],
    200,
  ),
  condition(
    "answers 206 when If-Range has its Last-Modified",
    "9110 13.1.5",
    (_, date) => [`If-Range: ${date}`, "Range: bytes=0-1"],
    206,
  ),
  condition(
    "ignores If-Range without Range",
    "9110 13.1.5",
    () => ['If-Range: "a"'],
    200,
  ),

  range("serves a byte range", "4-9", 4, 9),
  range("serves a range of one byte", "0-0", 0, 0),
  range("serves a range with no last position", "130-", 130, POEM.length - 1),
  range("serves a suffix range", "-5", POEM.length - 5, POEM.length - 1),
  range("cuts a range at the end of the file", "130-999", 130, POEM.length - 1),
  range(
    "serves all bytes for a suffix range longer than the file",
    "-999",
    0,
    POEM.length - 1,
  ),
  range("accepts a huge last position", `0-${"9".repeat(40)}`, 0, POEM.length - 1),
  unsatisfiable("answers 416 to a range after the end", `${POEM.length}-`),
  unsatisfiable("answers 416 to a suffix range of 0 bytes", "-0"),
  unsatisfiable("answers 416 to a huge first position", `${"9".repeat(40)}-`),
  noRange("answers 200 to several ranges", "bytes=0-1,3-4"),
  noRange("ignores a range that ends before its first position", "bytes=5-4"),
  noRange("ignores an unknown range unit", "lines=0-1"),
  noRange("ignores an invalid range", "bytes=a-b"),
  noRange("ignores a range without positions", "bytes=-"),
  noRange("ignores a negative range", "bytes=--5"),
  noRange("ignores a range with a space in it", "bytes=0 -1"),
  sends(
    "ignores Range with HEAD",
    "9110 14.2",
    request("HEAD", "/poem.txt", "Range: bytes=0-1"),
    {
      status: 200,
      fields: {
        "content-length": new RegExp(`^${POEM.length}$`),
        "content-range": undefined,
      },
    },
  ),
  sends("sends Accept-Ranges: bytes", "9110 14.3", poem(), {
    status: 200,
    fields: { "accept-ranges": /^bytes$/ },
  }),
];
