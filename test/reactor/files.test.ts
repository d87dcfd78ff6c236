// Files that change or are not regular files, while servers send them; and how answers
// travel.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, copyFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { SERVERS, SOLUTIONS, type Subject, serves, start } from "./servers.ts";
import { ask, dial, readAnswer, requestOf } from "./wire.ts";

/** More than the kernel buffers for a connection. */
const LARGE = Buffer.alloc(12_000_000, "0123456789abcdef\n");
const CLOSE = "Host: x\r\nConnection: close\r\n\r\n";
const publicFile = (name: string) => join(inject("built"), "shared/public", name);

beforeAll(() => writeFileSync(publicFile("whole.bin"), LARGE));

/** A client that requests a separate large file, and stops reading once it arrives. */
async function asksForLarge({ title }: Subject, port: number, more = "") {
  const name = `${title.replaceAll(" ", "-")}.bin`;
  copyFileSync(publicFile("whole.bin"), publicFile(name));
  const socket = await dial(port);
  socket.pause();
  socket.write(`GET /${name} HTTP/1.1\r\nHost: x\r\n\r\n${more}`);
  await once(socket, "readable");
  return { socket, file: publicFile(name) };
}

describe.runIf(process.platform !== "win32")("where there are FIFOs", () => {
  serves("a FIFO in the folder blocks no request", SERVERS, async (subject) => {
    const { port } = await start(subject);
    spawnSync("mkfifo", [publicFile("fifo.txt")]);
    const asked = (target: string) => ask(port, `GET ${target} HTTP/1.1\r\n${CLOSE}`);
    expect((await asked("/fifo.txt")).status).toBe(404);
    expect((await asked("/poem.txt")).status).toBe(200);
  });
});

serves("sends Content-Length bytes of a file that grows", SERVERS, async (subject) => {
  const { port } = await start(subject);
  const end = `GET /poem.txt HTTP/1.1\r\n${CLOSE}`;
  const stays = subject.title === "r3-3-stay";
  const { socket, file } = await asksForLarge(subject, port, stays ? end : "");
  appendFileSync(file, "more");
  const { body } = await readAnswer(socket);
  const answer = body.subarray(0, LARGE.length);
  expect(answer.equals(LARGE)).toBe(true);
  const next = body.toString("latin1", LARGE.length);
  expect(next).toMatch(stays ? /^HTTP\/1\.1 200 / : /^$/);
});

serves("sends less of a file that shrinks, and closes", SERVERS, async (subject) => {
  const { port } = await start(subject);
  const next = `GET /poem.txt HTTP/1.1\r\n${CLOSE}`;
  const { socket, file } = await asksForLarge(subject, port, next);
  truncateSync(file, LARGE.length / 2);
  // The next request is unread, so the connection may be reset.
  let body = Buffer.alloc(0);
  socket.on("data", (piece: Buffer) => {
    body = Buffer.concat([body, piece]);
  });
  await new Promise((resolve) => socket.once("close", resolve));
  expect(body.length).toBeLessThan(LARGE.length);
  // Nothing is sent in place of the missing bytes.
  expect(body.indexOf("HTTP/1.1 200 ", 1)).toBe(-1);
});

serves("sends head and file in one piece", SERVERS, async (subject) => {
  const { port } = await start(subject);
  const socket = await dial(port);
  socket.write(requestOf("/poem.txt"));
  const [answer] = await once(socket, "data");
  expect(String(answer)).toMatch(/^HTTP\/1\.1 200 .*from where we hung\.\n$/s);
  socket.destroy();
});

test("r3-3-stay is not delayed by Nagle's algorithm", async () => {
  const stay = SOLUTIONS.find(({ title }) => title === "r3-3-stay");
  if (!stay) throw new Error("r3-3-stay is missing");
  const { port } = await start(stay);
  const socket = await dial(port);
  for (let time = 0; time < 5; time += 1) {
    // The client delays its acknowledgement: with Nagle, small pieces would wait for it.
    socket.write(requestOf("/poem.txt"));
    const [answer] = await once(socket, "data");
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 .*from where we hung\.\n$/s);
  }
  socket.destroy();
});
