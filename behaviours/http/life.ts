// The life of a connection, and its limits: RFC 9112, sections 2.2, 3 and 9.

import { Unmet } from "../client.ts";
import { fits, get, HOST, type HttpBehaviour, request, sends } from "./behaviour.ts";
import type { HttpClient } from "./client.ts";

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

async function expectGreetings(
  client: HttpClient,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    fits(await client.answer(), { status: 200, body: `Hello, ${name}!\n` });
  }
}

const names = (count: number) => Array.from({ length: count }, (_, at) => `client${at}`);

export const LIFE: readonly HttpBehaviour[] = [
  sends("keeps the connection open after an answer", "9112 9.3", poem, {
    status: 200,
    ends: false,
  }),
  sends(
    "closes after a request with Connection: close",
    "9112 9.6",
    get("/poem.txt", "Connection: close"),
    {
      status: 200,
      fields: { connection: /\bclose\b/i },
      ends: true,
    },
  ),
  sends(
    "reads Connection options in any case",
    "9110 7.6.1",
    get("/", "Connection: CLOSE"),
    {
      status: 200,
      ends: true,
    },
  ),
  sends(
    "finds close in a list in Connection",
    "9110 7.6.1",
    get("/", "Connection: x, close ,y"),
    {
      status: 200,
      ends: true,
    },
  ),
  sends(
    "finds close in a second Connection field",
    "9110 7.6.1",
    get("/", "Connection: x", "Connection: close"),
    { status: 200, ends: true },
  ),
  sends(
    "ignores the unknown Connection option closed",
    "9110 7.6.1",
    get("/", "Connection: closed"),
    {
      status: 200,
      ends: false,
    },
  ),
  sends("closes after an HTTP/1.0 request", "9112 9.3", old(), {
    status: 200,
    ends: true,
  }),
  sends(
    "keeps an HTTP/1.0 connection open with keep-alive",
    "9112 9.3",
    old("Connection: keep-alive"),
    { status: 200, fields: { connection: /keep-alive/i }, ends: false },
  ),
  sends(
    "closes after a request with keep-alive and close",
    "9112 9.3",
    old("Connection: keep-alive, close"),
    {
      status: 200,
      ends: true,
    },
  ),
  sends(
    "ignores requests after one with Connection: close",
    "9112 9.6",
    `${get("/hello/a", "Connection: close")}${poem}`,
    { status: 200, body: "Hello, a!\n", ends: true },
  ),
  sends("reads a request byte by byte", "9112 3", [...poem], {
    status: 200,
    ends: false,
  }),
  sends(
    "reads a request that arrives in two pieces",
    "9112 3",
    [poem.slice(0, -1), poem.slice(-1)],
    {
      status: 200,
      ends: false,
    },
  ),
  sends(
    "reads an empty line that arrives in two pieces",
    "9112 2.2",
    ["\r", "\n", poem],
    {
      status: 200,
      ends: false,
    },
  ),
  sends("skips an empty line between requests", "9112 2.2", `${poem}\r\n${poem}`, {
    status: 200,
    more: 1,
    ends: false,
  }),
  lives(
    "keeps the part of a request that arrived with the previous one",
    "9112 9.3.2",
    async (client) => {
      const long = get("/hello/b", `X: ${"x".repeat(2000)}`);
      await client.send(`${get("/hello/a")}${long.slice(0, 1500)}`);
      await expectGreetings(client, ["a"]);
      await client.send(long.slice(1500));
      await expectGreetings(client, ["b"]);
    },
  ),
  lives("answers 16 pipelined requests in order", "9112 9.3.2", async (client) => {
    await client.send(
      names(16)
        .map((name) => get(`/hello/${name}`))
        .join(""),
    );
    await expectGreetings(client, names(16));
  }),
  lives("answers 1,000 pipelined requests in order", "9112 9.3.2", async (client) => {
    await client.send(
      names(1000)
        .map((name) => get(`/hello/${name}`))
        .join(""),
    );
    await expectGreetings(client, names(1000));
  }),
  lives(
    "answers pipelined requests in order when one takes longer",
    "9112 9.3.2",
    async (client) => {
      const slow = get("/slow/50/poem.txt");
      await client.send(`${slow}${get("/hello/a")}${poem}${get("/hello/b")}`);
      fits(await client.answer(), { status: 200, body: /^The kernel/ });
      await expectGreetings(client, ["a"]);
      fits(await client.answer(), { status: 200, body: /^The kernel/ });
      await expectGreetings(client, ["b"]);
    },
  ),
  lives("answers alternating HEAD and GET requests", "9112 6.3", async (client) => {
    await client.send(
      `${request("HEAD", "/poem.txt")}${poem}${request("HEAD", "/nobody")}`,
    );
    fits(await client.answer("HEAD"), { status: 200 });
    fits(await client.answer(), { status: 200, body: /^The kernel/ });
    fits(await client.answer("HEAD"), { status: 404 });
  }),
  lives("answers a client after its half-close", "9112 9.6", async (client) => {
    await client.send(`${get("/hello/a")}${get("/slow/20/poem.txt")}${get("/hello/b")}`);
    client.finish();
    await expectGreetings(client, ["a"]);
    fits(await client.answer(), { status: 200 });
    await expectGreetings(client, ["b"]);
    await client.ends();
  }),
  lives("closes when a client ends within a head", "9112 8", async (client) => {
    await client.send("GET /poem.txt HTTP/1.1\r\nHos");
    client.finish();
    // It may answer an error first, but must not serve the request.
    await client.ends().catch(async (error: unknown) => {
      if (!(error instanceof Unmet)) throw error;
      fits(await client.answer(), { status: [400, 408] });
      await client.ends();
    });
  }),
  lives("closes when a client ends within a body", "9112 8", async (client) => {
    await client.send(`${request("POST", "/poem.txt", "Content-Length: 9")}hello`);
    client.finish();
    await client.ends().catch(async (error: unknown) => {
      if (!(error instanceof Unmet)) throw error;
      fits(await client.answer(), { status: [400, 408] });
      await client.ends();
    });
  }),
  lives("answers 100 to Expect: 100-continue", "9110 10.1.1", async (client) => {
    await client.send(
      request("POST", "/poem.txt", "Expect: 100-Continue", "Content-Length: 5"),
    );
    fits(await client.answer("POST", true), { status: 100 });
    await client.send("hello");
    fits(await client.answer("POST"), { status: 405 });
    await client.send(poem);
    fits(await client.answer(), { status: 200 });
  }),
  lives(
    "answers 413, not 100, to Expect with too long a body",
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
    "serves other clients while an answer is delayed",
    "9112 9",
    async (client, open) => {
      await client.send(get("/slow/400/poem.txt"));
      const other = await open();
      await other.send(poem);
      fits(await other.answer(), { status: 200 });
      fits(await client.answer(), { status: 200, body: /^The kernel/ });
    },
  ),
  lives(
    "serves other clients while a head is incomplete",
    "9112 9",
    async (client, open) => {
      await client.send("GET / HTTP/1.1\r\nHo");
      const other = await open();
      await other.send(poem);
      fits(await other.answer(), { status: 200 });
    },
  ),
  lives("serves other clients after a reset", "9112 9", async (client, open) => {
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

  sends("accepts a target of 8,000 bytes", "9112 3", get(`/?${"x".repeat(7998)}`), {
    status: 200,
    ends: false,
  }),
  sends("answers 414 to a longer target", "9110 15.5.15", get(`/?${"x".repeat(8000)}`), {
    status: 414,
    ends: true,
  }),
  sends(
    "answers 414 before the whole target has arrived",
    "9110 15.5.15",
    `GET /${"x".repeat(8500)}`,
    {
      status: 414,
      ends: true,
    },
  ),
  sends("accepts a head of 16,000 bytes", "9112 3", get("/", `X: ${"x".repeat(15900)}`), {
    status: 200,
    ends: false,
  }),
  sends("answers 431 to a longer head", "6585 5", get("/", `X: ${"x".repeat(17000)}`), {
    status: 431,
    ends: true,
  }),
  sends(
    "answers 431 before the whole head has arrived",
    "6585 5",
    `GET / HTTP/1.1\r\n${HOST}X: ${"x".repeat(17000)}`,
    { status: 431, ends: true },
  ),
  sends(
    "answers 431 to 1,000 fields",
    "6585 5",
    get("/", ...Array.from({ length: 1000 }, (_, at) => `X${at}: y`)),
    { status: 431, ends: true },
  ),
  sends(
    "accepts 60 fields",
    "9112 5",
    get("/", ...Array.from({ length: 60 }, (_, at) => `X${at}: y`)),
    { status: 200, ends: false },
  ),
  sends(
    "accepts a body of 1 MiB",
    "9110 15.5.14",
    [request("POST", "/", "Content-Length: 1048576"), "x".repeat(1048576)],
    { status: 405, ends: false },
  ),
];
