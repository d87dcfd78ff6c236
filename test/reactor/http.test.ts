// What the file servers r1 to r4 do, as a client sees it, and what each cannot do yet.
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Server } from "../../behaviours/server.ts";
import { EXAMPLES } from "../../behaviours/steps.ts";
import { HEAD_LIMIT } from "../../examples/shared/http-head.ts";
import { usageOf } from "../../scripts/bench/usage.ts";
import { ALL } from "../requirements.ts";
import {
  descriptorsOf,
  limitDescriptors,
  nextDescriptor,
  SPIN,
  STEPS,
  type Subject,
  serves as servesAll,
  start,
  startAlone,
  until,
  whileOneSpins,
} from "./servers.ts";
import { ask, dial, readAnswer, requestOf } from "./wire.ts";

/** The number of silent clients. */
const SILENT = ALL ? 10_000 : 1_000;
/** Rounds of clients that could each leak a descriptor. */
const ROUNDS = ALL ? 100 : 10;
const POEM = readFileSync(join(EXAMPLES, "shared/public/poem.txt"));
/** More than the kernel buffers for a connection: some megabytes. */
const LARGE = Buffer.alloc(12_000_000, "0123456789abcdef\n");

beforeAll(() => {
  writeFileSync(join(inject("built"), "shared/public/large.bin"), LARGE);
});

interface Range {
  from?: number;
  to?: number;
}

interface Case extends Range {
  readonly title: string;
  readonly run: (port: number) => Promise<void>;
}

const CASES: Case[] = [];

/** A behaviour of the steps in a range. All of a step's run on the same server. */
function holds(title: string, range: Range, run: Case["run"]): void {
  CASES.push({ title, ...range, run });
}

/** Whether a step is in a range. */
const isIn =
  ({ from = 1, to = 4 }: Range) =>
  ({ number }: Subject) =>
    from <= number && number <= to;

/** A behaviour of the steps in a range, each on a new server. */
function serves(title: string, range: Range, run: (step: Subject) => Promise<void>) {
  servesAll(title, STEPS.filter(isIn(range)), run);
}

holds("serves a file with its length and type", {}, async (port) => {
  const { status, head, body } = await ask(port, requestOf("/poem.txt?lang=en"));
  expect(status).toBe(200);
  expect(body.equals(POEM)).toBe(true);
  expect(head).toContain(`Content-Length: ${POEM.length}`);
  expect(head).toContain("Content-Type: text/plain; charset=utf-8");
  expect(head).toContain("Connection: close");
  const home = await ask(port, requestOf("/"));
  expect(home.head).toContain("Content-Type: text/html");
});

holds("answers HEAD like GET, without the body", {}, async (port) => {
  for (const target of ["/poem.txt", "/nobody"]) {
    const get = await ask(port, requestOf(target));
    const head = await ask(port, requestOf(target, "HEAD"));
    const dated = /^Date: .*$/m;
    expect(head.head.replace(dated, "")).toBe(get.head.replace(dated, ""));
    expect(head.body.length).toBe(0);
    expect(get.body.length).toBeGreaterThan(0);
  }
});

const refused: [status: number, why: string, request: string][] = [
  [404, "no such file", requestOf("/nobody")],
  [404, "a folder", requestOf("/.")],
  [405, "another method", requestOf("/poem.txt", "POST")],
  [501, "an unknown method", requestOf("/poem.txt", "BREW")],
  [501, "a lowercase method", requestOf("/poem.txt", "get")],
  [400, "no host", "GET /poem.txt HTTP/1.1\r\n\r\n"],
  [400, "two hosts", "GET /poem.txt HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"],
  [400, "not HTTP", "hello\r\n\r\n"],
  [400, "a space before a colon", "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n"],
  [400, "a folded field", "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n"],
  [505, "HTTP/2", "GET / HTTP/2.0\r\n\r\n"],
  // Not a byte more than they read, or the answer may be lost: see below.
  [431, "a long head", "GET / HTTP/1.1\r\nX: ".padEnd(HEAD_LIMIT, "x")],
  [404, "dots", requestOf("/../server.js")],
  [404, "encoded dots", requestOf("/%2e%2e/server.js")],
  [404, "an encoded slash", requestOf("/..%2fserver.js")],
  [404, "double-encoded dots", requestOf("/%252e%252e/server.js")],
  [404, "NUL", requestOf("/poem.txt%00.html")],
  [404, "a backslash", requestOf("/..\\server.js")],
  [404, "an encoded backslash", requestOf("/..%5cserver.js")],
  [404, "an invalid percent-encoding", requestOf("/%zz")],
  [404, "a hidden file", requestOf("/.gitignore")],
];

holds("refuses what it does not serve, and keeps running", {}, async (port) => {
  for (const [status, why, request] of refused) {
    expect((await ask(port, request)).status, why).toBe(status);
  }
  expect((await ask(port, requestOf("/poem.txt"))).status).toBe(200);
});

holds("serves what a proxy or an old client sends", {}, async (port) => {
  const requests = [
    requestOf("http://localhost/poem.txt"),
    requestOf("HTTP://localhost:80/poem.txt?lang=en"),
    `\r\n\r\n${requestOf("/poem.txt")}`,
    "GET /poem.txt HTTP/1.0\r\n\r\n",
  ];
  for (const request of requests) {
    const { status, body } = await ask(port, request);
    expect(status, request).toBe(200);
    expect(body.equals(POEM)).toBe(true);
  }
  const home = await ask(port, requestOf("http://localhost"));
  expect(home.head).toContain("Content-Type: text/html");
});

holds("sends Date with every answer", {}, async (port) => {
  for (const request of [requestOf("/poem.txt"), requestOf("/nobody"), "hello\r\n\r\n"]) {
    // Date has a resolution of seconds.
    const before = Math.floor(Date.now() / 1000) * 1000;
    const { head } = await ask(port, request);
    const [, date = ""] =
      /^Date: (\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT)\r$/m.exec(head) ?? [];
    expect(Date.parse(date), head).toBeGreaterThanOrEqual(before);
    expect(Date.parse(date), head).toBeLessThanOrEqual(Date.now());
  }
});

holds("reads a request that arrives byte by byte", {}, async (port) => {
  const { status, body } = await ask(port, ...requestOf("/poem.txt"));
  expect(status).toBe(200);
  expect(body.equals(POEM)).toBe(true);
});

holds("sends a large file to a slow reader completely", {}, async (port) => {
  const socket = await dial(port);
  socket.pause();
  socket.write(requestOf("/large.bin"));
  // Until the buffers are full: the server's write was blocked.
  await once(socket, "readable");
  const { status, body } = await readAnswer(socket);
  expect(status).toBe(200);
  expect(body.equals(LARGE)).toBe(true);
});

holds("survives clients that reset in the middle", {}, async (port) => {
  for (const said of ["", "GET /po", requestOf("/large.bin")]) {
    for (let time = 0; time < 5; time += 1) {
      const socket = await dial(port);
      if (said !== "") socket.write(said);
      if (said.includes("large")) await once(socket, "data");
      socket.resetAndDestroy();
      await once(socket, "close");
    }
  }
  expect((await ask(port, requestOf("/poem.txt"))).status).toBe(200);
});

// The defect of all four: closing with unread input sends a reset (RFC 9112, section 9.6).
holds(
  "resets a client with unread input, which may lose the answer",
  {},
  async (port) => {
    const socket = await dial(port);
    const reset = new Promise((resolve) => socket.once("error", resolve));
    // More than all buffers hold: the client is still writing.
    socket.write(requestOf("/", "POST"));
    socket.write(LARGE);
    socket.resume();
    expect(await reset).toMatchObject({
      code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/),
    });
    expect((await ask(port, requestOf("/poem.txt"))).status).toBe(200);
  },
);

holds("a silent client blocks all others", { to: 1 }, async (port) => {
  const silent = await dial(port);
  const order: string[] = [];
  const answer = ask(port, requestOf("/poem.txt")).then(() => order.push("the other"));
  await new Promise((resolve) => setImmediate(resolve));
  order.push("the silent one leaves");
  silent.end();
  silent.resume();
  await answer;
  expect(order).toEqual(["the silent one leaves", "the other"]);
});

holds(
  "neither silent clients nor slow readers block others",
  { from: 2 },
  async (port) => {
    const silent = await dial(port);
    const slow = await dial(port);
    slow.pause();
    slow.write(requestOf("/large.bin"));
    await once(slow, "readable");
    const { status, body } = await ask(port, requestOf("/poem.txt"));
    expect(status).toBe(200);
    expect(body.equals(POEM)).toBe(true);
    silent.destroy();
    slow.destroy();
  },
);

holds(`serves a client among ${SILENT} silent ones`, { from: 3 }, async (port) => {
  const idle: Socket[] = [];
  while (idle.length < SILENT) {
    const some = Array.from({ length: 200 }, () => dial(port));
    idle.push(...(await Promise.all(some)));
  }
  const { status, body } = await ask(port, requestOf("/poem.txt"));
  expect(status).toBe(200);
  expect(body.equals(POEM)).toBe(true);
  for (const socket of idle) socket.resetAndDestroy();
});

// One server at a time, because r2 uses a whole core.
describe.each(STEPS)("$title", (step) => {
  let server: Required<Server>;
  beforeAll(async () => {
    server = await startAlone(step);
  });
  afterAll(async () => {
    server.process.kill("SIGKILL");
    await server.process.ended;
  });

  const cases = CASES.filter((one) => isIn(one)(step));
  test.each(cases)("$title", ({ run }) => run(server.port));
});

const onLinux = describe.runIf(process.platform === "linux");

onLinux("on Linux, where a process can be inspected,", () => {
  serves(
    `has as many descriptors after ${3 * ROUNDS} clients as before`,
    {},
    async (step) => {
      const { port, pid } = await start(step);
      await ask(port, requestOf("/poem.txt"));
      const before = descriptorsOf(pid);
      for (let time = 0; time < ROUNDS; time += 1) {
        await ask(port, requestOf("/poem.txt"));
        await ask(port, requestOf("/nobody"));
        const socket = await dial(port);
        socket.write(requestOf("/large.bin"));
        await once(socket, "data");
        socket.resetAndDestroy();
      }
      // The server may not have seen the last reset yet: a new client is served after it.
      await until(async () => {
        await ask(port, requestOf("/poem.txt"));
        return descriptorsOf(pid) <= before;
      });
      expect(descriptorsOf(pid)).toBeLessThanOrEqual(before);
    },
  );

  serves("answers 503 without a descriptor for the file", {}, async (step) => {
    const { port, pid } = await start(step);
    expect((await ask(port, requestOf("/poem.txt"))).status).toBe(200);
    // The client gets the last one.
    const before = limitDescriptors(pid, nextDescriptor(pid) + 1);
    expect((await ask(port, requestOf("/poem.txt"))).status).toBe(503);
    expect((await ask(port, requestOf("/nobody"))).status).toBe(503);
    limitDescriptors(pid, before);
    expect((await ask(port, requestOf("/poem.txt"))).status).toBe(200);
    expect((await ask(port, requestOf("/nobody"))).status).toBe(404);
  });

  test("without clients r2 uses a core, and r3 and r4 use none", async () => {
    const idle = [];
    for (const step of STEPS.filter(({ number }) => number > 2)) {
      const { port, pid } = await start(step);
      await ask(port, requestOf("/poem.txt"));
      idle.push({ title: step.title, pid, before: usageOf(pid).cpu });
    }
    await whileOneSpins();
    for (const { title, pid, before } of idle) {
      expect(usageOf(pid).cpu - before, title).toBeLessThan(SPIN / 3);
    }
  });

  serves("sleeps without a descriptor for a client", { to: 1 }, async (step) => {
    const { port, pid } = await start(step);
    const limit = limitDescriptors(pid, nextDescriptor(pid));
    // Linux allocates the descriptor before it waits: the first client may still get in.
    const first = ask(port, requestOf("/poem.txt"));
    const second = ask(port, requestOf("/poem.txt"));
    const before = usageOf(pid).cpu;
    await whileOneSpins();
    expect(usageOf(pid).cpu - before).toBeLessThan(SPIN / 3);
    limitDescriptors(pid, limit);
    expect([200, 503]).toContain((await first).status);
    expect((await second).status).toBe(200);
  });

  serves("waits when descriptors run out, and continues", { from: 3 }, async (step) => {
    const limit = ["sh", "-c", 'ulimit -n 60 && exec "$@"', "sh"];
    const { port, pid } = await start(step, { before: limit });
    const clients = await Promise.all(Array.from({ length: 80 }, () => dial(port)));
    await until(() => descriptorsOf(pid) >= 60);
    const waiting = ask(port, requestOf("/poem.txt"));
    // It must not spin: it sleeps until a client leaves.
    const before = usageOf(pid).cpu;
    await whileOneSpins();
    expect(usageOf(pid).cpu - before).toBeLessThan(SPIN / 3);
    const left = clients.map((client) => once(client.end().resume(), "close"));
    // It may be accepted with the only free descriptor, which leaves none for the file.
    expect([200, 503]).toContain((await waiting).status);
    await Promise.all(left);
    expect((await ask(port, requestOf("/poem.txt"))).status).toBe(200);
  });
});

test("r4 lists the available pollers when the chosen one is unknown", async () => {
  const r4 = STEPS.find(({ number }) => number === 4);
  if (!r4) throw new Error("r4 is missing");
  const wrong = start({ ...r4, args: ["--poller", "magic"] });
  await expect(wrong).rejects.toThrow(
    /Cannot use the poller magic: .*Available here: \w+/,
  );
});
