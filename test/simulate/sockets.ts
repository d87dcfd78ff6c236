// What Node's sockets do, in cases that run on real ones and on those of the machine. Each
// returns what it saw; nothing in it may depend on how long anything takes.
import { on, once } from "node:events";
import {
  type AddressInfo,
  connect,
  createServer,
  type Server,
  type Socket,
} from "node:net";
import { createInterface } from "node:readline";

export interface Case {
  readonly name: string;
  readonly sees: unknown;
  readonly run: () => Promise<unknown>;
}

type Handler = (socket: Socket) => void;
interface Pair {
  readonly server: Server;
  readonly client: Socket;
  /** The server's end. */
  readonly peer: Socket;
}

const MEGABYTE = 1_000_000;
const quiet = (socket: Socket) => socket.on("error", () => {});
const closed = (socket: Socket) => socket.closed || once(socket, "close");

async function listen(options = {}, handler?: Handler): Promise<Server> {
  const server = createServer(options, handler);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** A connection, both ends in our hands. */
async function pair(options = {}): Promise<Pair> {
  const server = await listen(options);
  const client = connect({ port: portOf(server), host: "127.0.0.1", ...options });
  const [[peer]] = await Promise.all([
    once(server, "connection"),
    once(client, "connect"),
  ]);
  quiet(client);
  quiet(peer);
  return { server, client, peer };
}

/** Runs on a connection, and ends all of it. */
function withPair(options: object, run: (pair: Pair) => Promise<unknown>) {
  return async () => {
    const all = await pair(options);
    try {
      return await run(all);
    } finally {
      for (const socket of [all.client, all.peer]) socket.destroy();
      all.server.close();
      await Promise.all([
        closed(all.client),
        closed(all.peer),
        once(all.server, "close"),
      ]);
    }
  };
}

async function textOf(socket: Socket): Promise<string> {
  let text = "";
  socket.setEncoding("utf8");
  // Its plain loop would destroy the socket, and what is not yet written with it.
  for await (const part of socket.iterator({ destroyOnReturn: false })) text += part;
  return text;
}

async function codeOf(socket: Socket): Promise<string> {
  const [error] = await once(socket, "error");
  return error.code;
}

function named(name: string, sees: unknown, run: Case["run"]): Case {
  return { name, sees, run };
}

const HALF = { allowHalfOpen: true };

export const CASES: readonly Case[] = [
  named(
    "delivers what was written",
    "hello",
    withPair({}, async ({ client, peer }) => {
      client.end("hello");
      return textOf(peer);
    }),
  ),
  named(
    "keeps the order of many writes",
    true,
    withPair({}, async ({ client, peer }) => {
      const words = Array.from({ length: 500 }, (_, i) => `${i},`);
      for (const word of words) client.write(word);
      client.end();
      return (await textOf(peer)) === words.join("");
    }),
  ),
  named("echoes 1 MB", MEGABYTE, async () => {
    const server = await listen(HALF, (socket) => void socket.pipe(socket));
    const client = connect({ port: portOf(server), ...HALF, host: "127.0.0.1" });
    client.end(Buffer.alloc(MEGABYTE, "x"));
    const { length } = await textOf(client);
    server.close();
    await once(server, "close");
    return length;
  }),
  named(
    "writes Latin-1 and UTF-8 as bytes",
    [233, 195, 169],
    withPair({}, async ({ client, peer }) => {
      client.write("é", "latin1");
      client.end("é", "utf8");
      const bytes: Buffer[] = [];
      for await (const some of peer) bytes.push(some);
      return [...Buffer.concat(bytes)];
    }),
  ),
  named(
    "corks several writes into one",
    "abc",
    withPair({}, async ({ client, peer }) => {
      client.cork();
      for (const word of ["a", "b", "c"]) client.write(word);
      client.uncork();
      const [bytes] = await once(peer, "data");
      return `${bytes}`;
    }),
  ),
  named(
    "cuts no character in two with setEncoding",
    "€",
    withPair({}, async ({ client, peer }) => {
      for (const byte of Buffer.from("€")) client.write(Uint8Array.of(byte));
      client.end();
      return textOf(peer);
    }),
  ),
  named(
    "ends a socket whose peer has finished",
    ["end", "close"],
    withPair({}, async ({ client, peer }) => {
      const events: string[] = [];
      for (const event of ["end", "close"]) peer.on(event, () => events.push(event));
      client.end();
      peer.resume();
      client.resume();
      await closed(peer);
      return events;
    }),
  ),
  named(
    "answers after a half-close",
    "you said hello",
    withPair(HALF, async ({ client, peer }) => {
      client.end("hello");
      peer.end(`you said ${await textOf(peer)}`);
      return textOf(client);
    }),
  ),
  named(
    "stays writable after the peer's end, with allowHalfOpen",
    true,
    withPair(HALF, async ({ client, peer }) => {
      peer.resume();
      client.end();
      await once(peer, "end");
      return peer.writable;
    }),
  ),
  named(
    "finishes after the last write was taken",
    ["write", "finish"],
    withPair({}, async ({ client, peer }) => {
      const events: string[] = [];
      peer.resume();
      client.on("finish", () => events.push("finish"));
      client.write("a", () => events.push("write"));
      client.end();
      await closed(client);
      return events;
    }),
  ),
  named(
    "refuses a write after the end",
    "ERR_STREAM_WRITE_AFTER_END",
    withPair(HALF, async ({ client }) => {
      client.end();
      const code = codeOf(client);
      client.write("late");
      return code;
    }),
  ),
  named(
    "reports a full buffer, and drains it",
    [false, 0],
    withPair({}, async ({ client, peer }) => {
      peer.pause();
      const took = client.write(Buffer.alloc(8 * MEGABYTE));
      peer.resume();
      await once(client, "drain");
      return [took, client.writableLength];
    }),
  ),
  named(
    "delivers nothing while paused",
    0,
    withPair({}, async ({ client, peer }) => {
      let count = 0;
      peer.on("data", () => (count += 1));
      peer.pause();
      client.write("hello");
      await new Promise((resolve) => setTimeout(resolve, 20));
      return count;
    }),
  ),
  named("reads into a buffer of the program's own", ["hel", "lo"], async () => {
    const server = await listen({}, (socket) => void quiet(socket).end("hello"));
    const got: string[] = [];
    const buffer = Buffer.alloc(3);
    const callback = (count: number) => {
      got.push(buffer.toString("utf8", 0, count));
      setImmediate(() => client.resume());
      // Reads no more until then.
      return false;
    };
    const onread = { buffer, callback };
    const client = connect({ port: portOf(server), host: "127.0.0.1", onread });
    await once(client, "close");
    server.close();
    await once(server, "close");
    return got;
  }),
  named(
    "delivers all to a slow reader",
    3 * MEGABYTE,
    withPair({}, async ({ client, peer }) => {
      client.end(Buffer.alloc(3 * MEGABYTE));
      let count = 0;
      for await (const bytes of peer) {
        count += bytes.length;
        await new Promise(setImmediate);
      }
      return count;
    }),
  ),
  named(
    "reads as many bytes as asked for",
    ["hel", "lo"],
    withPair({}, async ({ client, peer }) => {
      client.end("hello");
      const got: string[] = [];
      while (got.length < 2) {
        const bytes = peer.read(got.length === 0 ? 3 : 2);
        if (bytes === null) await once(peer, "readable");
        else got.push(`${bytes}`);
      }
      return got;
    }),
  ),
  named(
    "leaves the socket open after a loop that says so",
    [false, "hello"],
    withPair({}, async ({ client, peer }) => {
      client.write("hello");
      let text = "";
      for await (const bytes of peer.iterator({ destroyOnReturn: false })) {
        text += bytes;
        if (text.length === 5) break;
      }
      return [peer.destroyed, text];
    }),
  ),
  named(
    "destroys the socket after any other loop",
    true,
    withPair({}, async ({ client, peer }) => {
      client.write("hello");
      for await (const _bytes of peer) break;
      return peer.destroyed;
    }),
  ),
  named(
    "reports a reset to one who reads",
    "ECONNRESET",
    withPair({}, async ({ client, peer }) => {
      peer.resume();
      const code = codeOf(peer);
      client.resetAndDestroy();
      return code;
    }),
  ),
  named(
    "throws a reset in the loop of a reader",
    "ECONNRESET",
    withPair({}, async ({ client, peer }) => {
      client.resetAndDestroy();
      try {
        await textOf(peer);
      } catch (error) {
        return (error as NodeJS.ErrnoException).code;
      }
      return undefined;
    }),
  ),
  named(
    "resets a peer whose bytes were not read",
    "ECONNRESET",
    withPair({ pauseOnConnect: true }, async ({ client, peer }) => {
      const code = codeOf(client.resume());
      client.write("unread");
      // It is in the peer's system by then, whose program never reads it.
      await new Promise((resolve) => setTimeout(resolve, 50));
      peer.destroy();
      return code;
    }),
  ),
  named(
    "resets one who writes to a closed socket",
    true,
    withPair(HALF, async ({ client, peer }) => {
      peer.resume();
      peer.destroy();
      await closed(peer);
      const code = codeOf(client);
      const timer = setInterval(() => client.write("x"), 1);
      const got = await code;
      clearInterval(timer);
      return ["ECONNRESET", "EPIPE"].includes(got);
    }),
  ),
  named(
    "sends what was written before destroySoon",
    "goodbye",
    withPair({}, async ({ client, peer }) => {
      client.write("goodbye");
      client.destroySoon();
      return textOf(peer);
    }),
  ),
  named(
    "fails a write that a destroy cuts off",
    true,
    withPair({}, async ({ client, peer }) => {
      peer.pause();
      const settled = new Promise((resolve) =>
        client.write(Buffer.alloc(8 * MEGABYTE), resolve),
      );
      client.destroy();
      await settled;
      return client.destroyed;
    }),
  ),
  named(
    "refuses a connection to a port where nobody listens",
    "ECONNREFUSED",
    async () => {
      const server = await listen();
      const port = portOf(server);
      server.close();
      await once(server, "close");
      return codeOf(connect(port, "127.0.0.1"));
    },
  ),
  named("refuses a port that is taken", "EADDRINUSE", async () => {
    const first = await listen();
    const second = createServer().listen(portOf(first), "127.0.0.1");
    const [error] = await once(second, "error");
    first.close();
    await once(first, "close");
    return error.code;
  }),
  named("listens to a port again after its close", true, async () => {
    const first = await listen();
    const port = portOf(first);
    first.close();
    await once(first, "close");
    const second = createServer().listen(port, "127.0.0.1");
    await once(second, "listening");
    second.close();
    await once(second, "close");
    return true;
  }),
  named("closes a server only after its connections", true, async () => {
    const { server, client, peer } = await pair();
    server.close();
    peer.resume();
    client.end().resume();
    await once(server, "close");
    return peer.destroyed;
  }),
  named("accepts in a loop of on(), and ends it with close", 3, async () => {
    const server = await listen();
    const clients = [0, 1, 2].map(() => quiet(connect(portOf(server), "127.0.0.1")));
    let count = 0;
    for await (const [socket] of on(server, "connection", { close: ["close"] })) {
      quiet(socket).resume();
      count += 1;
      if (count === 3) server.close();
      socket.end();
      clients[count - 1]?.resume();
    }
    return count;
  }),
  named(
    "knows the addresses of both ends",
    [true, true, "IPv4"],
    withPair({}, async ({ server, client, peer }) => {
      return [
        client.remotePort === portOf(server),
        client.localPort === peer.remotePort,
        peer.remoteFamily,
      ];
    }),
  ),
  named(
    "counts bytes",
    [5, 5],
    withPair({}, async ({ client, peer }) => {
      client.end("hello");
      await textOf(peer);
      return [client.bytesWritten, peer.bytesRead];
    }),
  ),
  named(
    "runs ticks before promises, and both before timers",
    "tick promise immediate",
    withPair({}, async ({ client, peer }) => {
      const order: string[] = [];
      client.write("x");
      await once(peer, "readable");
      await new Promise<void>((resolve) => {
        setImmediate(() => {
          setImmediate(() => {
            order.push("immediate");
            resolve();
          });
          void Promise.resolve().then(() => order.push("promise"));
          process.nextTick(() => order.push("tick"));
        });
      });
      return order.join(" ");
    }),
  ),
  named(
    "delivers data in a turn of its own",
    ["data 1", "promise", "data 2"],
    withPair({}, async ({ client, peer }) => {
      const order: string[] = [];
      client.write("a");
      await new Promise<void>((resolve) => {
        peer.on("data", () => {
          order.push(`data ${order.length === 0 ? 1 : 2}`);
          if (order.length > 1) return resolve();
          void Promise.resolve().then(() => order.push("promise"));
          client.write("b");
        });
      });
      return order;
    }),
  ),
  named("fires timers in the order of their times", [1, 5, 9], async () => {
    const order: number[] = [];
    const wait = (ms: number) =>
      new Promise<void>((resolve) => setTimeout(() => resolve(void order.push(ms)), ms));
    await Promise.all([wait(9), wait(1), wait(5)]);
    return order;
  }),
  named(
    "ends an idle socket by its timeout",
    "timeout",
    withPair({}, async ({ client }) => {
      client.setTimeout(5);
      await once(client, "timeout");
      return "timeout";
    }),
  ),
  named(
    "reads lines with readline",
    ["one", "two", "three"],
    withPair({}, async ({ client, peer }) => {
      client.end("one\ntwo\r\nthree");
      const lines: string[] = [];
      for await (const line of createInterface({ input: peer })) lines.push(line);
      return lines;
    }),
  ),
  named("pipes through, with backpressure", 4 * MEGABYTE, async () => {
    const { server, client, peer } = await pair(HALF);
    peer.pipe(peer);
    client.end(Buffer.alloc(4 * MEGABYTE));
    let count = 0;
    for await (const bytes of client) count += bytes.length;
    server.close();
    await once(server, "close");
    return count;
  }),
];
