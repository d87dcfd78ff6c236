// Is a port free? Asked so that nobody who waits for the port notices.
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { checkPort } from "../../scripts/ports.ts";
import { Command } from "../run.ts";

async function listen(port = 0, host = "127.0.0.1") {
  const server = createServer().listen(port, host);
  await once(server, "listening");
  return server;
}

/**
 * One that nobody has, below those that systems give to clients and to servers that take any: a
 * client that is given the port to which it connects is connected to itself.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(10_000 * Math.random());
    try {
      const server = await listen(port);
      server.close();
      await once(server, "close");
      return port;
    } catch {
      // Somebody has it.
    }
  }
}

/** Tries to connect until it succeeds: in a thread of its own, or it would wait for us. */
const KNOCK = `
  const { once } = require("node:events");
  const { connect } = require("node:net");
  const { parentPort, workerData: port } = require("node:worker_threads");
  const knock = async () => {
    for (;;) {
      const socket = connect(port, "127.0.0.1");
      try {
        await once(socket, "connect");
        parentPort.postMessage("connected");
      } catch {
        socket.destroy();
      }
    }
  };
  // Several at a time, that hardly a moment is without one.
  for (let i = 0; i < 8; i += 1) void knock();
  parentPort.postMessage("knocking");
`;

describe("checkPort", () => {
  test("lets nobody connect to a port that it looks at", async () => {
    const port = await freePort();
    const worker = new Worker(KNOCK, { eval: true, workerData: port });
    const news: string[] = [];
    worker.on("message", (text: string) => news.push(text));
    await once(worker, "message");
    for (let i = 0; i < 1_000 && news.length === 1; i += 1) {
      await checkPort(port, "Cannot start");
    }
    await worker.terminate();
    expect(news).toEqual(["knocking"]);
  });

  test("leaves the port to be listened on at once", async () => {
    const port = await freePort();
    await checkPort(port, "Cannot start");
    const server = await listen(port);
    server.close();
  });

  // Elsewhere a server may listen on one address beside another that listens on all.
  const taken = process.platform === "linux" ? ["127.0.0.1", "0.0.0.0"] : ["127.0.0.1"];
  test.each(taken)("finds one that listens on %s", async (host) => {
    const server = await listen(0, host);
    const { port } = server.address() as AddressInfo;
    await expect(checkPort(port, "Cannot start 06")).rejects.toThrow(
      `Cannot start 06: port ${port} is taken by`,
    );
    server.close();
  });

  test("has nothing to say of port 0", async () => {
    await checkPort(0, "Cannot start");
  });
});

test("who waits for the port of an example meets the example", async () => {
  const port = await freePort();
  // Whoever is let in first is the only client of step 01.
  const client = connectSoon(port);
  const example = new Command(["example", "1", "--port", `${port}`]);
  const socket = await client;
  socket.write("hello");
  const [echo] = await once(socket, "data");
  expect(`${echo}`).toBe("hello");
  socket.end();
  expect((await example.ended).code).toBe(0);
});

/** A connection as soon as somebody listens: by a client that does nothing but try. */
async function connectSoon(port: number) {
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
      return socket;
    } catch {
      socket.destroy();
    }
  }
}
