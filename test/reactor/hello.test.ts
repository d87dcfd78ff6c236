// r4's hello on each poller, and the C program that it is measured against: both give the
// same answers, so the measurement compares like with like.
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Server, startServer } from "../../behaviours/server.ts";
import { availablePollers } from "../../examples/shared/poll/readiness/pollers.ts";
import { compiled } from "../../scripts/bench/http/compiled.ts";
import { commandNamed, needs, someOf } from "../requirements.ts";
import { dial, readAnswer } from "./wire.ts";

const HELLO_C = fileURLToPath(
  new URL("../../scripts/bench/http/hello.c", import.meta.url),
);
const hello = () => [process.execPath, join(inject("built"), "r4-poll/hello.js")];
const subjects = someOf(availablePollers()).map(({ name }) => ({
  title: `with ${name}`,
  command: () => [...hello(), "--poller", name],
}));
const compiler =
  process.platform === "linux" ? commandNamed(process.env.CC ?? "cc") : undefined;
if (needs(compiler, "the hello in C", "C compiler, or no Linux")) {
  subjects.push({ title: "in C", command: () => [compiled(HELLO_C)] });
}

/** Sends each piece in a separate write. @returns Everything until the server closes. */
async function talk(port: number, pieces: readonly string[], last = true) {
  const socket = await dial(port);
  const answer = readAnswer(socket);
  for (const piece of pieces) {
    socket.write(piece, "latin1");
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (last) socket.end();
  const { head, body } = await answer;
  return `${head}\r\n\r\n${body.toString("latin1")}`.replaceAll(DATE, "Date: now");
}

const DATE = /Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g;
const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const HELLO =
  "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Type: text/plain; charset=utf-8\r\n" +
  "Content-Length: 14\r\nConnection: keep-alive\r\n\r\nHello, world!\n";

describe.concurrent.each(subjects)("hello $title", ({ command }) => {
  let server: Required<Server>;
  let port: number;
  beforeAll(async () => {
    server = await startServer({ command: command() });
    port = server.port;
  });
  afterAll(async () => {
    server.process.kill("SIGKILL");
    await server.process.ended;
  });

  test("answers sequential and pipelined requests", async () => {
    expect(await talk(port, [GET, GET])).toBe(HELLO.repeat(2));
    expect(await talk(port, [GET + GET + GET])).toBe(HELLO.repeat(3));
    expect(await talk(port, [...GET, ...GET])).toBe(HELLO.repeat(2));
    expect(await talk(port, [GET + GET.slice(0, 9), GET.slice(9)])).toBe(HELLO.repeat(2));
  });

  test("accepts what a proxy or an old client sends", async () => {
    expect(await talk(port, [`\r\n\r\n${GET}\r\n${GET}`])).toBe(HELLO.repeat(2));
    expect(await talk(port, [..."\r\n", ...GET])).toBe(HELLO);
    for (const target of ["http://x/", "HTTP://x:80/", "http://x"]) {
      expect(await talk(port, [GET.replace("/", target)]), target).toBe(HELLO);
    }
    // A head that never ends is refused, and the next client is served.
    const endless = await talk(port, ["\r\n".repeat(6000)], false);
    expect(endless).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(await talk(port, [GET])).toBe(HELLO);
  });

  test("closes when the request asks for it, and says so", async () => {
    const last = HELLO.replace("keep-alive", "close");
    const close = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    // The next request is not answered.
    expect(await talk(port, [close + GET], false)).toBe(last);
    expect(await talk(port, ["GET / HTTP/1.0\r\n\r\n"], false)).toBe(last);
    const old = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    expect(await talk(port, [old, old])).toBe(HELLO.repeat(2));
  });

  test.each([
    ["HEAD", 200, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["a missing target", 404, "GET /nobody HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["HEAD of a missing target", 404, "HEAD /nobody HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["POST", 405, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"],
    ["an unknown method", 501, "BREW / HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["a lowercase method", 501, "get / HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["a body", 413, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"],
    ["no host", 400, "GET / HTTP/1.1\r\n\r\n"],
    ["HTTP/2", 505, "GET / HTTP/2.0\r\nHost: x\r\n\r\n"],
    ["a long target", 414, `GET /${"x".repeat(5000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
    ["101 fields", 431, `GET / HTTP/1.1\r\nHost: x\r\n${"X: y\r\n".repeat(100)}\r\n`],
    ["a long head", 431, `GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(9000)}\r\n\r\n`],
  ])("%s is %i", async (_, status, request) => {
    // An answer with Connection: close does close.
    const answer = await talk(port, [request], status === 200);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer.includes("Connection: close")).toBe(status !== 200);
    expect(answer).toMatch(/\r\nDate: now\r\n/);
    const [, body = ""] = answer.split("\r\n\r\n");
    const length = Number(/Content-Length: (\d+)/.exec(answer)?.[1]);
    expect(body.length).toBe(request.startsWith("HEAD") ? 0 : length);
    expect(await talk(port, [GET])).toBe(HELLO);
  });

  test("delivers its answer to a client that sends a large unread body", async () => {
    const head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n";
    const answer = await talk(port, [head + "x".repeat(3_000_000)]);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  test("waits for a client that sends many requests and reads late", async () => {
    const socket = await dial(port);
    const count = 60_000;
    // Both kernels' buffers are full, and the server has stopped reading.
    const sent = new Promise((resolve) => socket.write(GET.repeat(count), resolve));
    socket.pause();
    expect(await talk(port, [GET])).toBe(HELLO);
    const answer = readAnswer(socket.resume());
    await sent;
    socket.end();
    const { head, body } = await answer;
    const length = head.length + 4 + body.length;
    expect(length).toBe(
      HELLO.replace("now", "Sat, 21 Nov 2026 08:00:00 GMT").length * count,
    );
  });

  test("survives resets, and closes a silent connection", async () => {
    for (const said of ["", "GET / HT", GET]) {
      const socket = await dial(port);
      if (said !== "") socket.write(said);
      socket.resetAndDestroy();
      await once(socket, "close");
    }
    const silent = await dial(port);
    await once(silent.resume(), "close");
    expect(await talk(port, [GET])).toBe(HELLO);
  });
});

test("an unknown poller is refused with the available ones, without a stack", async () => {
  const wrong = startServer({ command: [...hello(), "--poller", "magic"] });
  await expect(wrong).rejects.toThrow(/Available here/);
  await expect(wrong).rejects.not.toThrow(/ at /);
});
