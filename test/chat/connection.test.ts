// The connection, against a server of the test's own and by a clock that the test moves.
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import {
  type Clock,
  Connection,
  type ConnectionEvent,
  delayBefore,
} from "../../scripts/chat/connection.ts";

/** Time passes when the test says so. */
class Hands implements Clock {
  #now = 0;
  readonly #timers = new Set<{ at: number; callback: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  move(ms: number): void {
    this.#now += ms;
    for (const timer of this.#timers) {
      if (timer.at > this.#now) continue;
      this.#timers.delete(timer);
      timer.callback();
    }
  }
}

const endings: (() => void)[] = [];
afterEach(() => {
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

/** A connection, and what it has told. */
function connectTo(port: number) {
  const clock = new Hands();
  const events: ConnectionEvent[] = [];
  let wake = () => {};
  const connection = new Connection({
    host: "127.0.0.1",
    port,
    clock,
    random: () => 0,
    listen: (event) => {
      events.push(event);
      wake();
    },
  });
  endings.push(() => connection.close());
  /** The next event, which must be of this kind. */
  const next = async <Kind extends ConnectionEvent["kind"]>(kind: Kind) => {
    while (events.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const event = events.shift();
    expect(event?.kind).toBe(kind);
    return event as Extract<ConnectionEvent, { kind: Kind }>;
  };
  return { connection, clock, next, events };
}

const accepted = async (server: Server) =>
  (await once(server, "connection"))[0] as Socket;

test("brings whole lines, however they come, and sends lines", async () => {
  const { server, port } = await startServer();
  const { connection, next } = connectTo(port);
  const [peer] = await Promise.all([accepted(server), connection.open()]);
  await next("connected");
  const heart = Buffer.from("❤️");
  peer.write("one\r\ntwo\nthr");
  expect((await next("lines")).lines).toEqual(["one", "two"]);
  peer.write(Buffer.concat([Buffer.from("ee\n"), heart.subarray(0, 2)]));
  expect((await next("lines")).lines).toEqual(["three"]);
  peer.write(Buffer.concat([heart.subarray(2), Buffer.from("\n\n")]));
  expect((await next("lines")).lines).toEqual(["❤️", ""]);
  expect(connection.send(["a", "b"])).toBe(true);
  expect(`${(await once(peer, "data"))[0]}`).toBe("a\nb\n");
  peer.end("the rest");
  expect((await next("lines")).lines).toEqual(["the rest"]);
  expect((await next("lost")).reason).toBe("the server closed it");
  expect(connection.send(["c"])).toBe(false);
});

test("does not keep a line that never ends", async () => {
  const { server, port } = await startServer();
  const { connection, next } = connectTo(port);
  const [peer] = await Promise.all([accepted(server), connection.open()]);
  await next("connected");
  peer.write("x".repeat(200_000));
  expect((await next("lines")).lines[0]?.length).toBeGreaterThan(64 * 1024);
});

test("a first connection that fails is the last", async () => {
  const { server, port } = await startServer();
  await new Promise((resolve) => server.close(resolve));
  const { connection, clock, events } = connectTo(port);
  await expect(connection.open()).rejects.toThrow("nothing listens there");
  clock.move(100_000);
  expect(events).toEqual([]);
});

test("comes back after 1, 2, 4 … 30 seconds, when there is a server again", async () => {
  const first = await startServer();
  const { connection, clock, next } = connectTo(first.port);
  const [peer] = await Promise.all([accepted(first.server), connection.open()]);
  await next("connected");
  const closed = once(first.server, "close");
  first.server.close();
  peer.resetAndDestroy();
  await closed;
  const lost = await next("lost");
  expect(lost.reason).toBe("the server reset it");
  let { until } = lost;
  for (const delay of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
    expect(until - clock.now()).toBe(delay);
    clock.move(delay);
    await next("trying");
    const failed = await next("lost");
    expect(failed.reason).toBe("nothing listens there");
    until = failed.until;
  }
  const second = await startServer(first.port);
  clock.move(30_000);
  await next("trying");
  const again = await accepted(second.server);
  await next("connected");
  expect(connection.send(["hello"])).toBe(true);
  expect(`${(await once(again, "data"))[0]}`).toBe("hello\n");
});

test("waits ever longer for a server that takes it and drops it at once", async () => {
  const { server, port } = await startServer();
  const { connection, clock, next } = connectTo(port);
  const drop = async () => (await accepted(server)).end();
  await Promise.all([drop(), connection.open()]);
  for (const delay of [1000, 2000, 4000]) {
    await next("connected");
    expect((await next("lost")).until - clock.now()).toBe(delay);
    const dropped = drop();
    clock.move(delay);
    await next("trying");
    await dropped;
  }
  // One that lasts makes it forget.
  await next("connected");
  await next("lost");
  const peer = accepted(server);
  clock.move(8000);
  await next("trying");
  await next("connected");
  clock.move(10_000);
  (await peer).end();
  expect((await next("lost")).until - clock.now()).toBe(1000);
});

test("gives up an attempt that nobody answers", async () => {
  const { server, port } = await startServer();
  const { connection, clock } = connectTo(port);
  // Before the event loop has had a chance to connect it.
  const opened = connection.open();
  clock.move(10_000);
  await expect(opened).rejects.toThrow("it does not answer");
  expect(server.listening).toBe(true);
});

test("closed, it says goodbye and stays away", async () => {
  const { server, port } = await startServer();
  const { connection, clock, next, events } = connectTo(port);
  const [peer] = await Promise.all([accepted(server), connection.open()]);
  await next("connected");
  connection.send(["bye"]);
  connection.close();
  const said: Buffer[] = [];
  for await (const bytes of peer) said.push(bytes as Buffer);
  expect(`${Buffer.concat(said)}`).toBe("bye\n");
  clock.move(100_000);
  expect(events).toEqual([]);
  expect(connection.send(["more"])).toBe(false);
});

test("delays have jitter, and a limit", () => {
  expect(delayBefore(0, 0)).toBe(1000);
  expect(delayBefore(0, 0.999)).toBeGreaterThanOrEqual(750);
  expect(delayBefore(1000, 0)).toBe(30_000);
  expect(delayBefore(3, 0.5)).toBeLessThan(8000);
});
