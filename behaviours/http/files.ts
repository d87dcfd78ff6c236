// Files, conditions and ranges: RFC 9110, sections 8, 13 and 14. Every server serves the same
// folder: the one that this repository has as its public one.
import { fits, get, type HttpBehaviour, request, sends } from "./behaviour.ts";
import { type HttpClient, Unmet } from "./client.ts";

const POEM =
  "The kernel waits for no one, yet\nit lets us wait, and pays the debt:\n" +
  "a byte arrives, a bell is rung,\nand we are run from where we hung.\n";
const DATE = /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/;
const OLD = "Sun, 06 Nov 1994 08:49:37 GMT";
const whole = { status: 200, body: POEM, ends: false } as const;
const poem = (...fields: string[]) => get("/poem.txt", ...fields);
const gone = (title: string, target: string, source = "9110 15.5.5") =>
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
const none = (title: string, value: string) =>
  sends(title, "9110 15.5.17", poem(`Range: bytes=${value}`), {
    status: 416,
    fields: { "content-range": new RegExp(`^bytes \\*/${POEM.length}$`) },
    ends: false,
  });

/** A condition that is made of what the server says of the file. */
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
  sends("serves a file, with all its fields", "9110 8", poem(), {
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
  sends("serves the index for /", "9110 8.3", get("/"), {
    status: 200,
    fields: { "content-type": /^text\/html\b/ },
    ends: false,
  }),
  sends("knows what a style is", "9110 8.3", get("/style.css"), {
    status: 200,
    fields: { "content-type": /^text\/css\b/ },
  }),
  sends("knows what a picture is", "9110 8.3", get("/heart.svg"), {
    status: 200,
    fields: { "content-type": /^image\/svg\+xml\b/ },
  }),
  sends("answers HEAD without a body", "9110 9.3.2", request("HEAD", "/poem.txt"), {
    status: 200,
    fields: { "content-length": new RegExp(`^${POEM.length}$`) },
    ends: false,
  }),
  sends(
    "answers HEAD of a missing file without a body",
    "9110 9.3.2",
    request("HEAD", "/nobody"),
    { status: 404, ends: false },
  ),
  sends("sends Date with errors too", "9110 6.6.1", get("/nobody"), {
    status: 404,
    fields: { date: DATE },
  }),
  sends("sends Date with a refusal", "9110 6.6.1", "nonsense\r\n\r\n", {
    status: 400,
    fields: { date: DATE },
  }),
  sends("answers by a route", "9110 4", get("/hello/Ann"), {
    status: 200,
    body: "Hello, Ann!\n",
    fields: { "content-type": /^text\/plain\b/ },
    ends: false,
  }),
  sends("decodes a name", "3986 2.1", get("/hello/Ann%20%c3%84%2FB"), {
    status: 200,
    body: "Hello, Ann \xc3\x84/B!\n",
  }),
  sends("answers HEAD by a route", "9110 9.3.2", request("HEAD", "/hello/Ann"), {
    status: 200,
    fields: { "content-length": /^12$/ },
    ends: false,
  }),
  sends("holds an answer back", "9110 4", get("/slow/30/poem.txt"), whole),

  gone("has no file of that name", "/nobody"),
  gone("has no folder as a file", "/poem.txt/"),
  gone("has no file below a file", "/poem.txt/x"),
  gone("has no empty segment", "//poem.txt"),
  gone("never leaves its folder: dots", "/../http.ts", "3986 5.2.4"),
  gone("never leaves its folder: dots behind a name", "/x/../../http.ts", "3986 5.2.4"),
  gone("never leaves its folder: encoded dots", "/%2e%2e/http.ts", "3986 2.3"),
  gone("never leaves its folder: half encoded dots", "/.%2E/http.ts", "3986 2.3"),
  gone("never leaves its folder: an encoded slash", "/..%2fhttp.ts", "3986 2.2"),
  gone("never leaves its folder: dots encoded twice", "/%252e%252e/http.ts", "3986 2.4"),
  gone(
    "never leaves its folder: an absolute target",
    "http://localhost/../http.ts",
    "3986 5.2.4",
  ),
  gone("never leaves its folder: a path of the system", "//etc/passwd", "3986 3.3"),
  gone("keeps an encoded slash in its segment", "/x%2f..%2fpoem.txt", "3986 2.2"),
  gone("has no dot as a folder", "/./poem.txt", "3986 5.2.4"),
  gone("shows no hidden file", "/.gitignore"),
  gone("shows no hidden file by an encoded dot", "/%2egitignore"),
  gone("has no file with a name of 300 bytes", `/${"x".repeat(300)}`),
  gone("has no route without a name", "/hello/"),
  gone("has no route for a delay that is no number", "/slow/soon/poem.txt"),

  condition(
    "says 304 to its own tag",
    "9110 13.1.2",
    (etag) => [`If-None-Match: ${etag}`],
    304,
  ),
  condition(
    "says 304 to HEAD with its own tag",
    "9110 13.1.2",
    (etag) => [`If-None-Match: ${etag}`],
    304,
    "HEAD",
  ),
  condition(
    "compares tags weakly for If-None-Match",
    "9110 8.8.3.2",
    (etag) => [`If-None-Match: W/${etag}`],
    304,
  ),
  condition(
    "finds its tag in a list",
    "9110 13.1.2",
    (etag) => [`If-None-Match: "a", W/"b",${etag}`],
    304,
  ),
  condition(
    "finds its tag in two fields",
    "9110 5.3",
    (etag) => ['If-None-Match: "a"', `If-None-Match: ${etag}`],
    304,
  ),
  condition("says 304 to any tag", "9110 13.1.2", () => ["If-None-Match: *"], 304),
  condition(
    "serves a client with another tag",
    "9110 13.1.2",
    () => ['If-None-Match: "another"'],
    200,
  ),
  condition(
    "ignores a tag without quotes",
    "9110 8.8.3",
    (etag) => [`If-None-Match: ${etag.slice(1, -1)}`],
    200,
  ),
  condition(
    "says 304 to its own date",
    "9110 13.1.3",
    (_, date) => [`If-Modified-Since: ${date}`],
    304,
  ),
  condition(
    "serves a client with an older date",
    "9110 13.1.3",
    () => [`If-Modified-Since: ${OLD}`],
    200,
  ),
  condition(
    "reads a date of RFC 850",
    "9110 5.6.7",
    () => ["If-Unmodified-Since: Sunday, 06-Nov-94 08:49:37 GMT"],
    412,
  ),
  condition(
    "reads a date of asctime",
    "9110 5.6.7",
    () => ["If-Unmodified-Since: Sun Nov  6 08:49:37 1994"],
    412,
  ),
  condition(
    "ignores an invalid date",
    "9110 13.1.3",
    () => ["If-Modified-Since: yesterday"],
    200,
  ),
  condition(
    "prefers the tag to the date",
    "9110 13.1.3",
    (_, date) => ['If-None-Match: "another"', `If-Modified-Since: ${date}`],
    200,
  ),
  condition("says 412 to another tag", "9110 13.1.1", () => ['If-Match: "another"'], 412),
  condition(
    "compares tags strongly for If-Match",
    "9110 8.8.3.2",
    (etag) => [`If-Match: W/${etag}`],
    412,
  ),
  condition(
    "serves a client with its tag",
    "9110 13.1.1",
    (etag) => [`If-Match: "a", ${etag}`],
    200,
  ),
  condition("serves any tag", "9110 13.1.1", () => ["If-Match: *"], 200),
  condition(
    "says 412 when it has changed since",
    "9110 13.1.4",
    () => [`If-Unmodified-Since: ${OLD}`],
    412,
  ),
  condition(
    "serves what has not changed since",
    "9110 13.1.4",
    (_, date) => [`If-Unmodified-Since: ${date}`],
    200,
  ),
  condition(
    "prefers If-Match to a date",
    "9110 13.2.2",
    (etag) => [`If-Match: ${etag}`, `If-Unmodified-Since: ${OLD}`],
    200,
  ),
  condition(
    "evaluates If-Match first",
    "9110 13.2.2",
    (etag) => ['If-Match: "a"', `If-None-Match: ${etag}`],
    412,
  ),
  condition(
    "prefers If-None-Match to a range",
    "9110 13.2.2",
    (etag) => [`If-None-Match: ${etag}`, "Range: bytes=0-1"],
    304,
  ),
  condition(
    "serves a range to a client with its tag",
    "9110 13.1.5",
    (etag) => [`If-Range: ${etag}`, "Range: bytes=0-1"],
    206,
  ),
  condition(
    "serves the whole to a client with another tag",
    "9110 13.1.5",
    () => ['If-Range: "a"', "Range: bytes=0-1"],
    200,
  ),
  condition(
    "compares tags strongly for If-Range",
    "9110 13.1.5",
    (etag) => [`If-Range: W/${etag}`, "Range: bytes=0-1"],
    200,
  ),
  condition(
    "serves the whole to a client with an older date",
    "9110 13.1.5",
    () => [`If-Range: ${OLD}`, "Range: bytes=0-1"],
    200,
  ),
  condition(
    "serves a range to a client with its date",
    "9110 13.1.5",
    (_, date) => [`If-Range: ${date}`, "Range: bytes=0-1"],
    206,
  ),
  condition(
    "ignores If-Range without a range",
    "9110 13.1.5",
    () => ['If-Range: "a"'],
    200,
  ),

  range("serves a range", "4-9", 4, 9),
  range("serves one byte", "0-0", 0, 0),
  range("serves from a byte on", "130-", 130, POEM.length - 1),
  range("serves the last bytes", "-5", POEM.length - 5, POEM.length - 1),
  range("ends a range where the file does", "130-999", 130, POEM.length - 1),
  range("serves all when more than all is asked for", "-999", 0, POEM.length - 1),
  range("takes huge numbers", `0-${"9".repeat(40)}`, 0, POEM.length - 1),
  none("says 416 to a range behind the end", `${POEM.length}-`),
  none("says 416 to the last no bytes", "-0"),
  none("says 416 to a huge beginning", `${"9".repeat(40)}-`),
  noRange("serves the whole for several ranges", "bytes=0-1,3-4"),
  noRange("ignores a range that ends before it begins", "bytes=5-4"),
  noRange("ignores another unit", "lines=0-1"),
  noRange("ignores an invalid range", "bytes=a-b"),
  noRange("ignores a range of nothing", "bytes=-"),
  noRange("ignores a negative range", "bytes=--5"),
  noRange("ignores a range with a blank in it", "bytes=0 -1"),
  sends(
    "ignores a range of HEAD",
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
  sends("advertises ranges", "9110 14.3", poem(), {
    status: 200,
    fields: { "accept-ranges": /^bytes$/ },
  }),
];
