// Helpers for the tests of the shared modules: connections, turns and a clean heap.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { onTestFinished } from "vitest";

/** The two ends of a connection: ours, as a server gets it, and the client's. */
export interface Connection {
  readonly socket: Socket;
  readonly peer: Socket;
}

/** A new connection, which ends with the test. */
export async function connected(): Promise<Connection> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const peer = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  // Ignore only the peer's errors: the code under test must handle ours.
  peer.on("error", () => {});
  const [[socket]] = await Promise.all([
    once(server, "connection"),
    once(peer, "connect"),
  ]);
  server.close();
  onTestFinished(() => {
    socket.destroy();
    peer.destroy();
  });
  return { socket, peer };
}

/** For tests in which no read or write is pending when the connection is lost. */
export function ignoreErrors(socket: Socket): void {
  socket.on("error", () => {});
}

/** Waits for a `close`, with an error or without. */
export function closed(socket: Socket): Promise<void> {
  if (socket.closed) return Promise.resolve();
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

/** Lets everything that is ready run, `count` times. */
export async function turns(count = 1): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Waits until the socket has received `count` bytes in all, read or not. */
export async function received(socket: Socket, count: number): Promise<void> {
  while (socket.bytesRead < count) await turns();
}

/** Sends each piece after the previous one has arrived, so none are merged. */
export async function sendApart(
  { socket, peer }: Connection,
  pieces: readonly (string | Uint8Array)[],
): Promise<void> {
  let sent = socket.bytesRead;
  for (const piece of pieces) {
    peer.write(piece);
    sent += Buffer.byteLength(piece);
    await received(socket, sent);
    await turns();
  }
}

/** All values of an async iterable. */
export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of source) all.push(value);
  return all;
}

/** Tells whether a promise has settled, without waiting for it. */
export function watch(promise: Promise<unknown>): { settled: boolean } {
  const watched = { settled: false };
  const settle = () => {
    watched.settled = true;
  };
  promise.then(settle, settle);
  return watched;
}

setFlagsFromString("--expose-gc");
const gc: () => void = runInNewContext("gc");

/** Collects garbage. A WeakRef's target is kept alive until the end of the turn. */
export async function collectGarbage(): Promise<void> {
  await turns();
  gc();
  await turns();
  gc();
}

/**
 * The bytes by which `work` increases the memory in use, in the heap and outside of it.
 * `held` stays reachable until then.
 */
export async function growth(
  held: unknown,
  work: () => void | Promise<void>,
): Promise<number> {
  const used = () => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  await collectGarbage();
  const before = used();
  await work();
  await collectGarbage();
  const after = used();
  if (held === undefined) throw new Error("Cannot measure: nothing is held");
  return after - before;
}
