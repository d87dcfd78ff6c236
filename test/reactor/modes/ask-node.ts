// What the word server, as a guest, asks of Node: each word needs a different facility.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import {
  type AddressInfo,
  connect,
  createServer,
  type ServerOpts,
  type Socket,
} from "node:net";
import { text } from "node:stream/consumers";
import { Worker } from "node:worker_threads";
import type { Say } from "./words.ts";

/** A connection within Node: bytes written at one end are read at the other. */
export interface Bell {
  ring(): void;
  onRing(): void;
  /** A connection with an unread byte that Node is not waiting for yet. */
  parcel?: Socket;
}

/**
 * Does what a word asks for, if it is known.
 *
 * @param port The port of the word server.
 */
export function askNode(word: string, say: Say, port: number, bell: Bell): boolean {
  const asked: Record<string, () => unknown> = {
    timer: () => setTimeout(() => say("timer"), 20),
    tick: () => process.nextTick(() => say("tick")),
    promise: async () => {
      await null;
      await undefined;
      say("promise");
    },
    immediate: () => setImmediate(() => say("immediate")),
    file: async () => say(`file of ${(await readFile(process.execPath)).length > 0}`),
    thread: () => {
      const source = 'require("node:worker_threads").parentPort.postMessage("thread")';
      new Worker(source, { eval: true }).once("message", say);
    },
    // A client of our own server: its descriptor is new to Node each time.
    connect: () => {
      const socket = connect(port, "127.0.0.1", () => socket.end("here\n"));
      void text(socket).then((answer) => say(`connect, ${answer.trim()}`));
    },
    later: () => setImmediate(() => setTimeout(() => asked.connect?.())),
    lay: async () => {
      const { near, far } = await pair({ pauseOnConnect: true });
      far.end("!");
      await once(far, "finish");
      bell.parcel = near;
      say("laid");
    },
    // The read at the bell starts the wait for a byte that has already arrived: nothing else
    // will wake us.
    pull: () => {
      bell.onRing = () => bell.parcel?.once("data", () => say("pulled")).resume();
      bell.ring();
    },
  };
  if (asked[word] === undefined) return false;
  asked[word]();
  return true;
}

/** A bell that does not keep the process alive. */
export async function hangBell(): Promise<Bell> {
  const { near, far } = await pair();
  const bell: Bell = { ring: () => void far.write("!"), onRing: () => {} };
  near.on("data", () => bell.onRing()).unref();
  far.unref();
  return bell;
}

async function pair(options: ServerOpts = {}): Promise<{ near: Socket; far: Socket }> {
  const server = createServer(options).listen(0, "127.0.0.1");
  await once(server, "listening");
  const accepted = once(server, "connection");
  const far = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [near] = await accepted;
  server.close();
  return { near, far };
}
