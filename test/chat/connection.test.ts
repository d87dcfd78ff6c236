// The connection, against a server of the test's own; waits end when the test says so.
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { setTimeout } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { type ConnectionEvent, connection } from "../../scripts/chat/connection.ts";

/** Waits do not end by themselves: each is as long as `until` says, and ended by hand. */
let endWait = () => {};
const sleep = ((_ms: number, _value: undefined, { signal }: { signal: AbortSignal }) =>
  new Promise<void>((resolve, reject) => {
    endWait = resolve;
    signal.addEventListener("abort", () => reject(signal.reason));
  })) as typeof setTimeout;

const endings: (() => void)[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  for (const end of endings.splice(0)) end();
});

async function startServer(port = 0): Promise<{ server: Server; port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  endings.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

/** A connection to the server, and what comes of it. */
function connectTo(port: number) {
  const end = new AbortController();
  endings.push(() => end.abort());
  const events = connection("127.0.0.1", port, end.signal, sleep);
  /** The next event, which must be of this kind. */
  const next = async <Kind extends ConnectionEvent["kind"]>(kind: Kind) => {
    const { value } = await events.next();
    expect(value?.kind).toBe(kind);
    return value as Extract<ConnectionEvent, { kind: Kind }>;
  };
  return { next, events, close: () => end.abort() };
}

const accepted = async (server: Server) =>
  (await once(server, "connection"))[0] as Socket;

test("brings whole lines, however they come, and sends lines", async () => {
  const { server, port } = await startServer();
  const { next } = connectTo(port);
  const [peer, { send }] = await Promise.all([accepted(server), next("connected")]);
  const heart = Buffer.from("❤️");
  peer.write("one\r\ntwo\nthr");
  expect((await next("lines")).lines).toEqual(["one", "two"]);
  peer.write(Buffer.concat([Buffer.from("ee\n"), heart.subarray(0, 2)]));
  expect((await next("lines")).lines).toEqual(["three"]);
  peer.write(Buffer.concat([heart.subarray(2), Buffer.from("\n\n")]));
  expect((await next("lines")).lines).toEqual(["❤️", ""]);
  send(["a", "b"]);
  expect(`${(await once(peer, "data"))[0]}`).toBe("a\nb\n");
  peer.end("the rest");
  expect((await next("lines")).lines).toEqual(["the rest"]);
  expect((await next("lost")).reason).toBe("the server closed it");
});

test("leaves a server whose line never ends", async () => {
  const { server, port } = await startServer();
  const { next } = connectTo(port);
  const [peer] = await Promise.all([accepted(server), next("connected")]);
  peer.write("x".repeat(3_000_000));
  expect((await next("lost")).reason).toBe("it sent a line of more than 2 MB");
});

test("says why there is no connection", async () => {
  const { server, port } = await startServer();
  await new Promise((resolve) => server.close(resolve));
  const { next } = connectTo(port);
  expect((await next("lost")).reason).toBe("nothing listens there");
});

test("comes back after 1, 2, 4 … 30 seconds, when there is a server again", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  vi.spyOn(performance, "now").mockReturnValue(0);
  const first = await startServer();
  const { next } = connectTo(first.port);
  const [peer] = await Promise.all([accepted(first.server), next("connected")]);
  const closed = once(first.server, "close");
  first.server.close();
  peer.resetAndDestroy();
  await closed;
  let reason = "the server reset it";
  for (const delay of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
    expect(await next("lost")).toEqual({ kind: "lost", reason, until: delay });
    const trying = next("trying");
    endWait();
    await trying;
    reason = "nothing listens there";
  }
  await next("lost");
  const second = await startServer(first.port);
  const trying = next("trying");
  endWait();
  await trying;
  const [again, { send }] = await Promise.all([
    accepted(second.server),
    next("connected"),
  ]);
  send(["hello"]);
  expect(`${(await once(again, "data"))[0]}`).toBe("hello\n");
});

test("waits longer each time for a server that accepts it and drops it at once", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  const now = vi.spyOn(performance, "now").mockReturnValue(0);
  const { server, port } = await startServer();
  const { next } = connectTo(port);
  for (const delay of [1000, 2000, 4000]) {
    const [peer] = await Promise.all([accepted(server), next("connected")]);
    peer.end();
    expect((await next("lost")).until).toBe(delay);
    const trying = next("trying");
    endWait();
    await trying;
  }
  // One that lasts makes it forget.
  const [peer] = await Promise.all([accepted(server), next("connected")]);
  now.mockReturnValue(10_000);
  peer.end();
  expect((await next("lost")).until - 10_000).toBe(1000);
});

test("gives up an attempt that nobody answers", async () => {
  const { port } = await startServer();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { next } = connectTo(port);
  // Before the event loop has had a chance to connect it.
  const lost = next("lost");
  vi.advanceTimersByTime(10_000);
  expect((await lost).reason).toBe("it does not answer");
});

test("closed, it says goodbye and stays away", async () => {
  const { server, port } = await startServer();
  const { next, events, close } = connectTo(port);
  const [peer, { send }] = await Promise.all([accepted(server), next("connected")]);
  const rest = events.next();
  send(["bye"]);
  close();
  const said: Buffer[] = [];
  for await (const bytes of peer) said.push(bytes as Buffer);
  expect(`${Buffer.concat(said)}`).toBe("bye\n");
  expect(await rest).toEqual({ done: true, value: undefined });
});

test("closed while it waits, it does not try again", async () => {
  const { server, port } = await startServer();
  await new Promise((resolve) => server.close(resolve));
  const { next, events, close } = connectTo(port);
  await next("lost");
  const rest = events.next();
  close();
  expect(await rest).toEqual({ done: true, value: undefined });
});

test("does not come back at the same moment as all others", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  vi.spyOn(performance, "now").mockReturnValue(0);
  const { server, port } = await startServer();
  await new Promise((resolve) => server.close(resolve));
  const { next } = connectTo(port);
  expect((await next("lost")).until).toBe(875);
});
