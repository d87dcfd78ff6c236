// What the file servers r1 to r4 do, as a client sees it; and what each does not do yet.
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { checked, library } from "../../examples/shared/poll/ffi.ts";
import { availablePollers } from "../../examples/shared/poll/pollers.ts";
import { usageOf } from "../../scripts/bench/usage.ts";
import { EXAMPLES } from "../../scripts/steps.ts";
import { type Server, startServer } from "../behaviours/server.ts";
import { ask, dial, readAnswer, requestOf } from "./wire.ts";

interface Step {
  readonly title: string;
  /** Of the reactor chapter. */
  readonly number: number;
  readonly slug: string;
  readonly args: readonly string[];
}

const slugs = ["r1-blocking", "r2-nonblocking", "r3-epoll"];
const pollers = availablePollers().map(({ name }) => name);
const STEPS: readonly Step[] = [
  ...slugs.map((slug, at) => ({ title: slug, number: at + 1, slug, args: [] })),
  ...pollers.map((name) => ({
    title: `r4-poll by ${name}`,
    number: 4,
    slug: "r4-poll",
    args: ["--poller", name],
  })),
];
const POEM = readFileSync(join(EXAMPLES, "shared/public/poem.txt"));
/** More than the kernel keeps of a connection: some megabytes. */
const LARGE = Buffer.alloc(24 << 20, "0123456789abcdef\n");

const open = new Set<Required<Server>>();
afterEach(async () => {
  for (const { process } of open) {
    process.kill("SIGKILL");
    await process.ended;
  }
  open.clear();
});

beforeAll(() => {
  writeFileSync(join(inject("built"), "shared/public/large.bin"), LARGE);
});

async function start({ slug, args }: Step, before: readonly string[] = []) {
  const program = join(inject("built"), slug, "server.js");
  const command = [...before, process.execPath, program, ...args];
  const server = await startServer({ command });
  open.add(server);
  return { port: server.port, pid: server.process.pid };
}

/** A behaviour of the servers from one step to another, each with a process of its own. */
function serves(
  title: string,
  { from = 1, to = 4 }: { from?: number; to?: number },
  run: (step: Step) => Promise<void>,
): void {
  const steps = STEPS.filter(({ number }) => from <= number && number <= to);
  describe(title, () => {
    for (const step of steps) test(step.title, () => run(step));
  });
}

serves("serves a file, with its length and type", {}, async (step) => {
  const { port } = await start(step);
  const { status, head, body } = await ask(port, requestOf("/poem.txt?lang=en"));
  expect(status).toBe(200);
  expect(body.equals(POEM)).toBe(true);
  expect(head).toContain(`Content-Length: ${POEM.length}`);
  expect(head).toContain("Content-Type: text/plain; charset=utf-8");
  expect(head).toContain("Connection: close");
  const home = await ask(port, requestOf("/"));
  expect(home.head).toContain("Content-Type: text/html");
});

serves("answers HEAD like GET, without the body", {}, async (step) => {
  const { port } = await start(step);
  for (const target of ["/poem.txt", "/nobody"]) {
    const get = await ask(port, requestOf(target));
    const head = await ask(port, requestOf(target, "HEAD"));
    expect(head.head).toBe(get.head);
    expect(head.body.length).toBe(0);
    expect(get.body.length).toBeGreaterThan(0);
  }
});

const refused: [status: number, why: string, request: string][] = [
  [404, "no such file", requestOf("/nobody")],
  [404, "a folder", requestOf("/.")],
  [405, "another method", requestOf("/poem.txt", "POST")],
  [400, "no HTTP", "hello\r\n\r\n"],
  [400, "a blank before a colon", "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n"],
  [400, "a folded field", "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n"],
  [505, "HTTP/2", "GET / HTTP/2.0\r\n\r\n"],
  [431, "a long head", `GET / HTTP/1.1\r\nX: ${"x".repeat(9000)}\r\n\r\n`],
  [404, "dots", requestOf("/../server.js")],
  [404, "encoded dots", requestOf("/%2e%2e/server.js")],
  [404, "an encoded slash", requestOf("/..%2fserver.js")],
  [404, "dots encoded twice", requestOf("/%252e%252e/server.js")],
  [404, "NUL", requestOf("/poem.txt%00.html")],
  [404, "a backslash", requestOf("/..\\server.js")],
  [404, "an encoded backslash", requestOf("/..%5cserver.js")],
  [404, "no such encoding", requestOf("/%zz")],
  [404, "a hidden file", requestOf("/.gitignore")],
];

serves("refuses what it does not serve, and lives on", {}, async (step) => {
  const { port } = await start(step);
  for (const [status, why, request] of refused) {
    expect((await ask(port, request)).status, why).toBe(status);
  }
  expect((await ask(port, requestOf("/poem.txt"))).status).toBe(200);
});

serves("reads a request that comes byte by byte", {}, async (step) => {
  const { port } = await start(step);
  const { status, body } = await ask(port, ...requestOf("/poem.txt"));
  expect(status).toBe(200);
  expect(body.equals(POEM)).toBe(true);
});

serves("gives a large file whole to a slow reader", {}, async (step) => {
  const { port } = await start(step);
  const socket = await dial(port);
  socket.pause();
  socket.write(requestOf("/large.bin"));
  // Until nothing more finds room: the server has been told to wait.
  await once(socket, "readable");
  const { status, body } = await readAnswer(socket);
  expect(status).toBe(200);
  expect(body.equals(LARGE)).toBe(true);
});

serves("outlives clients that reset in the middle", {}, async (step) => {
  const { port } = await start(step);
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

// The defect of all four: who closes with input unread resets (RFC 9112, section 9.6).
serves("resets who says more than it reads: the answer may be lost", {}, async (step) => {
  const { port } = await start(step);
  const socket = await dial(port);
  const reset = new Promise((resolve) => socket.once("error", resolve));
  // So much that it cannot all be on its way: the client is still writing.
  socket.write(requestOf("/", "POST"));
  socket.write(LARGE);
  socket.resume();
  expect(await reset).toMatchObject({
    code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/),
  });
  expect((await ask(port, requestOf("/poem.txt"))).status).toBe(200);
});

serves("a client that says nothing stops all others", { to: 1 }, async (step) => {
  const { port } = await start(step);
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

serves(
  "neither silent clients nor slow readers stop others",
  { from: 2 },
  async (step) => {
    const { port } = await start(step);
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

serves("serves one among 10,000 who say nothing", { from: 3 }, async (step) => {
  const { port } = await start(step);
  const idle: Socket[] = [];
  while (idle.length < 10_000) {
    const some = Array.from({ length: 200 }, () => dial(port));
    idle.push(...(await Promise.all(some)));
  }
  const { status, body } = await ask(port, requestOf("/poem.txt"));
  expect(status).toBe(200);
  expect(body.equals(POEM)).toBe(true);
  for (const socket of idle) socket.resetAndDestroy();
});

const onLinux = describe.runIf(process.platform === "linux");

onLinux("on Linux, where one can look into a process,", () => {
  const descriptors = (pid: number) => readdirSync(`/proc/${pid}/fd`).length;

  serves("has as many descriptors after 300 clients as before", {}, async (step) => {
    const { port, pid } = await start(step);
    await ask(port, requestOf("/poem.txt"));
    const before = descriptors(pid);
    for (let time = 0; time < 100; time += 1) {
      await ask(port, requestOf("/poem.txt"));
      await ask(port, requestOf("/nobody"));
      const socket = await dial(port);
      socket.write(requestOf("/large.bin"));
      await once(socket, "data");
      socket.resetAndDestroy();
    }
    // The last one's reset may not have been heard: whoever is served now comes after it.
    await until(async () => {
      await ask(port, requestOf("/poem.txt"));
      return descriptors(pid) <= before;
    });
    expect(descriptors(pid)).toBeLessThanOrEqual(before);
  });

  serves("without a descriptor for the file it says 503", {}, async (step) => {
    const { port, pid } = await start(step);
    expect((await ask(port, requestOf("/poem.txt"))).status).toBe(200);
    const taken = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
    let free = 0;
    while (taken.has(free)) free += 1;
    // The client gets the last one.
    const before = limitDescriptors(pid, free + 1);
    expect((await ask(port, requestOf("/poem.txt"))).status).toBe(503);
    expect((await ask(port, requestOf("/nobody"))).status).toBe(503);
    limitDescriptors(pid, before);
    expect((await ask(port, requestOf("/poem.txt"))).status).toBe(200);
    expect((await ask(port, requestOf("/nobody"))).status).toBe(404);
  });

  test("with nobody there r2 uses a core, and r3 and r4 use none", async () => {
    const idle = [];
    for (const step of STEPS.filter(({ number }) => number > 2)) {
      const { port, pid } = await start(step);
      await ask(port, requestOf("/poem.txt"));
      idle.push({ title: step.title, pid, before: usageOf(pid).cpu });
    }
    await whileOneSpins();
    for (const { title, pid, before } of idle) {
      expect(usageOf(pid).cpu - before, title).toBeLessThan(0.2);
    }
  });

  serves("without descriptors it waits, and goes on", { from: 4 }, async (step) => {
    const limit = ["sh", "-c", 'ulimit -n 60 && exec "$@"', "sh"];
    const { port, pid } = await start(step, limit);
    const clients = await Promise.all(Array.from({ length: 80 }, () => dial(port)));
    await until(() => descriptors(pid) >= 60);
    const waiting = ask(port, requestOf("/poem.txt"));
    // It must not turn in circles meanwhile: it sleeps, until one leaves.
    const before = usageOf(pid).cpu;
    await whileOneSpins();
    expect(usageOf(pid).cpu - before).toBeLessThan(0.2);
    for (const client of clients) client.end().resume();
    expect((await waiting).status).toBe(200);
  });
});

test("r4 says which pollers there are when it cannot have the one", async () => {
  const r4 = STEPS.find(({ number }) => number === 4);
  if (!r4) throw new Error("r4 is missing");
  const wrong = start({ ...r4, args: ["--poller", "magic"] });
  await expect(wrong).rejects.toThrow(/Cannot use the poller magic: .*Here can run: \w+/);
});

/** RLIMIT_NOFILE of Linux: no descriptor that it is given from now on is as large. */
const RLIMIT_NOFILE = 7;

/** @returns The limit of before (prlimit(2)). */
function limitDescriptors(pid: number, limit: number): number {
  const prlimit = library().fn(
    "int prlimit(int pid, int resource, void *limit, void *before)",
  );
  // Two numbers: soft, hard.
  const before = new BigUint64Array(2);
  checked("ask for a limit", prlimit(pid, RLIMIT_NOFILE, null, before));
  const [soft = 0n, hard = 0n] = before;
  const after = BigUint64Array.of(BigInt(limit), hard);
  checked("set a limit", prlimit(pid, RLIMIT_NOFILE, after, null));
  return Number(soft);
}

/** As long as r2 needs to use six tenths of a second of a core, with nobody there. */
async function whileOneSpins(): Promise<void> {
  const spinner = STEPS.find(({ number }) => number === 2);
  if (!spinner) throw new Error("r2 is missing");
  const { pid } = await start(spinner);
  const began = usageOf(pid).cpu;
  await until(() => usageOf(pid).cpu - began > 0.6);
}

/** Looks again and again, with pauses; what never comes ends with the test's own time. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
