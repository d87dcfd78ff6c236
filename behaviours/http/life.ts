// The life of a connection, and its limits: RFC 9112, sections 2.2, 3 and 9.
import { fits, get, HOST, type HttpBehaviour, request, sends } from "./behaviour.ts";
import { type HttpClient, Unmet } from "./client.ts";

const poem = get("/poem.txt");
const old = (...fields: string[]) =>
  `GET /poem.txt HTTP/1.0\r\n${fields.map((field) => `${field}\r\n`).join("")}\r\n`;

function lives(
  title: string,
  source: string,
  run: (client: HttpClient, open: () => Promise<HttpClient>) => Promise<void>,
): HttpBehaviour {
  return { title, source, run: async (open) => run(await open(), open) };
}

async function hears(client: HttpClient, names: readonly string[]): Promise<void> {
  for (const name of names) {
    fits(await client.answer(), { status: 200, body: `Hello, ${name}!\n` });
  }
}

const names = (count: number) => Array.from({ length: count }, (_, at) => `client${at}`);

export const LIFE: readonly HttpBehaviour[] = [
  sends("stays after an answer", "9112 9.3", poem, { status: 200, ends: false }),
  sends("closes when it is asked to", "9112 9.6", get("/poem.txt", "Connection: close"), {
    status: 200,
    fields: { connection: /\bclose\b/i },
    ends: true,
  }),
  sends("reads Connection in any case", "9110 7.6.1", get("/", "Connection: CLOSE"), {
    status: 200,
    ends: true,
  }),
  sends("finds close in a list", "9110 7.6.1", get("/", "Connection: x, close ,y"), {
    status: 200,
    ends: true,
  }),
  sends(
    "finds close in a second field",
    "9110 7.6.1",
    get("/", "Connection: x", "Connection: close"),
    { status: 200, ends: true },
  ),
  sends(
    "takes closed for an unknown option",
    "9110 7.6.1",
    get("/", "Connection: closed"),
    {
      status: 200,
      ends: false,
    },
  ),
  sends("closes after HTTP/1.0", "9112 9.3", old(), { status: 200, ends: true }),
  sends(
    "stays with an old client that asks for it",
    "9112 9.3",
    old("Connection: keep-alive"),
    { status: 200, fields: { connection: /keep-alive/i }, ends: false },
  ),
  sends(
    "closes when a client asks for both",
    "9112 9.3",
    old("Connection: keep-alive, close"),
    {
      status: 200,
      ends: true,
    },
  ),
  sends(
    "runs nothing after close",
    "9112 9.6",
    `${get("/hello/a", "Connection: close")}${poem}`,
    { status: 200, body: "Hello, a!\n", ends: true },
  ),
  sends("reads a request byte by byte", "9112 3", [...poem], {
    status: 200,
    ends: false,
  }),
  sends("reads a request in two pieces", "9112 3", [poem.slice(0, -1), poem.slice(-1)], {
    status: 200,
    ends: false,
  }),
  sends("reads an empty line in two pieces", "9112 2.2", ["\r", "\n", poem], {
    status: 200,
    ends: false,
  }),
  sends("skips an empty line between requests", "9112 2.2", `${poem}\r\n${poem}`, {
    status: 200,
    more: 1,
    ends: false,
  }),
  lives(
    "keeps the beginning of a request that came with another",
    "9112 9.3.2",
    async (client) => {
      const long = get("/hello/b", `X: ${"x".repeat(2000)}`);
      await client.send(`${get("/hello/a")}${long.slice(0, 1500)}`);
      await hears(client, ["a"]);
      await client.send(long.slice(1500));
      await hears(client, ["b"]);
    },
  ),
  lives("answers sixteen requests at once, in order", "9112 9.3.2", async (client) => {
    await client.send(
      names(16)
        .map((name) => get(`/hello/${name}`))
        .join(""),
    );
    await hears(client, names(16));
  }),
  lives("answers a thousand requests at once, in order", "9112 9.3.2", async (client) => {
    await client.send(
      names(1000)
        .map((name) => get(`/hello/${name}`))
        .join(""),
    );
    await hears(client, names(1000));
  }),
  lives("keeps the order when one takes longer", "9112 9.3.2", async (client) => {
    const slow = get("/slow/50/poem.txt");
    await client.send(`${slow}${get("/hello/a")}${poem}${get("/hello/b")}`);
    fits(await client.answer(), { status: 200, body: /^The kernel/ });
    await hears(client, ["a"]);
    fits(await client.answer(), { status: 200, body: /^The kernel/ });
    await hears(client, ["b"]);
  }),
  lives("answers HEAD and GET in turns", "9112 6.3", async (client) => {
    await client.send(
      `${request("HEAD", "/poem.txt")}${poem}${request("HEAD", "/nobody")}`,
    );
    fits(await client.answer("HEAD"), { status: 200 });
    fits(await client.answer(), { status: 200, body: /^The kernel/ });
    fits(await client.answer("HEAD"), { status: 404 });
  }),
  lives("answers a client that has finished sending", "9112 9.6", async (client) => {
    await client.send(`${get("/hello/a")}${get("/slow/20/poem.txt")}${get("/hello/b")}`);
    client.finish();
    await hears(client, ["a"]);
    fits(await client.answer(), { status: 200 });
    await hears(client, ["b"]);
    await client.ends();
  }),
  lives("closes on half a request that ends", "9112 8", async (client) => {
    await client.send("GET /poem.txt HTTP/1.1\r\nHos");
    client.finish();
    // With or without a word, but nothing of it is run.
    await client.ends().catch(async (error: unknown) => {
      if (!(error instanceof Unmet)) throw error;
      fits(await client.answer(), { status: [400, 408] });
      await client.ends();
    });
  }),
  lives("closes on half a body that ends", "9112 8", async (client) => {
    await client.send(`${request("POST", "/poem.txt", "Content-Length: 9")}hello`);
    client.finish();
    await client.ends().catch(async (error: unknown) => {
      if (!(error instanceof Unmet)) throw error;
      fits(await client.answer(), { status: [400, 408] });
      await client.ends();
    });
  }),
  lives(
    "sends 100 to a client that waits with its body",
    "9110 10.1.1",
    async (client) => {
      await client.send(
        request("POST", "/poem.txt", "Expect: 100-Continue", "Content-Length: 5"),
      );
      fits(await client.answer("POST", true), { status: 100 });
      await client.send("hello");
      fits(await client.answer("POST"), { status: 405 });
      await client.send(poem);
      fits(await client.answer(), { status: 200 });
    },
  ),
  lives(
    "says 413 to a client that waits with too long a body",
    "9110 10.1.1",
    async (client) => {
      await client.send(
        request("POST", "/poem.txt", "Expect: 100-continue", "Content-Length: 1048577"),
      );
      fits(await client.answer("POST", true), { status: 413 });
      await client.ends();
    },
  ),
  lives(
    "serves others while one holds an answer back",
    "9112 9",
    async (client, open) => {
      await client.send(get("/slow/400/poem.txt"));
      const other = await open();
      await other.send(poem);
      fits(await other.answer(), { status: 200 });
      fits(await client.answer(), { status: 200, body: /^The kernel/ });
    },
  ),
  lives("serves others while a head does not end", "9112 9", async (client, open) => {
    await client.send("GET / HTTP/1.1\r\nHo");
    const other = await open();
    await other.send(poem);
    fits(await other.answer(), { status: 200 });
  }),
  lives("survives a client that resets", "9112 9", async (client, open) => {
    await client.send(poem.repeat(100));
    client.close();
    const other = await open();
    await other.send(poem);
    fits(await other.answer(), { status: 200 });
  }),
  lives(
    "delivers the answer to a client that is still sending",
    "9112 9.6",
    async (client) => {
      await client.send(request("POST", "/", "Content-Length: 9000000"));
      for (let piece = 0; piece < 20; piece += 1) await client.send("x".repeat(50_000));
      fits(await client.answer("POST"), { status: 413 });
      await client.ends();
    },
  ),

  sends("takes a target of 8,000 bytes", "9112 3", get(`/?${"x".repeat(7998)}`), {
    status: 200,
    ends: false,
  }),
  sends("says 414 to a longer one", "9110 15.5.15", get(`/?${"x".repeat(8000)}`), {
    status: 414,
    ends: true,
  }),
  sends("says 414 before it has all of it", "9110 15.5.15", `GET /${"x".repeat(8500)}`, {
    status: 414,
    ends: true,
  }),
  sends("takes a head of 16,000 bytes", "9112 3", get("/", `X: ${"x".repeat(15900)}`), {
    status: 200,
    ends: false,
  }),
  sends("says 431 to a longer one", "6585 5", get("/", `X: ${"x".repeat(17000)}`), {
    status: 431,
    ends: true,
  }),
  sends(
    "says 431 before it has all of it",
    "6585 5",
    `GET / HTTP/1.1\r\n${HOST}X: ${"x".repeat(17000)}`,
    { status: 431, ends: true },
  ),
  sends(
    "says 431 to a thousand fields",
    "6585 5",
    get("/", ...Array.from({ length: 1000 }, (_, at) => `X${at}: y`)),
    { status: 431, ends: true },
  ),
  sends(
    "takes sixty fields",
    "9112 5",
    get("/", ...Array.from({ length: 60 }, (_, at) => `X${at}: y`)),
    { status: 200, ends: false },
  ),
  sends(
    "takes a body of a mebibyte",
    "9110 15.5.14",
    [request("POST", "/", "Content-Length: 1048576"), "x".repeat(1048576)],
    { status: 405, ends: false },
  ),
];
