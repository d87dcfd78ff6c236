// The load of requests: connections that stay, each with so many requests on their way.
import { connect } from "node:net";
import { Events } from "../../../examples/shared/poll/events.ts";
import { READABLE, WRITABLE } from "../../../examples/shared/poll/interest.ts";
import { TcpStream } from "../../../examples/shared/poll/net.ts";
import type { Poll } from "../../../examples/shared/poll/poll.ts";
import { openPoll } from "../../../examples/shared/poll/pollers.ts";
import type { Target } from "../client.ts";
import { Histogram } from "../histogram.ts";
import type { GetLoad } from "../load.ts";
import type { GetResult } from "../result.ts";
import { usageOf } from "../usage.ts";

const WARM_UP_MS = 700;
/** Nothing has come for so long: the server stands still. */
const LIMIT_MS = 5000;
const REQUEST =
  "GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n";
/** All responses are read into it: what came is looked at before the next read. */
const INPUT = Buffer.alloc(256 * 1024);

interface Options {
  readonly target: Target;
  readonly pid: number;
  readonly ms: number;
}

/**
 * Asks for `/` over and over. The first response is read whole, and says how long each is;
 * of every other the beginning and the end are compared with it.
 *
 * This thread does nothing else meanwhile: it waits in our own poller, since `node:net`
 * would need more of a core than the servers that it shall measure.
 */
export async function get(
  load: GetLoad,
  { target, pid, ms }: Options,
): Promise<GetResult> {
  const poll = openPoll();
  const asking: Asker[] = [];
  try {
    const sample = await firstResponse(target);
    const batch = Buffer.from(REQUEST.repeat(load.pipelined), "latin1");
    for (let token = 0; token < load.clients; token += 1) {
      const stream = TcpStream.connect(target.host, target.port);
      asking.push(new Asker(stream, batch, sample));
      poll.registry.register(stream, token, READABLE | WRITABLE);
    }
    connectAll(poll, asking);
    for (const asker of asking) asker.ask(load.pipelined);
    const latency = new Histogram();
    turnFor(poll, asking, WARM_UP_MS);
    const before = { ...usageOf(pid), own: process.cpuUsage(), at: performance.now() };
    const requests = turnFor(poll, asking, ms, latency);
    const after = { ...usageOf(pid), own: process.cpuUsage(before.own) };
    const seconds = (performance.now() - before.at) / 1000;
    return {
      kind: "get",
      requests,
      seconds,
      cpu: after.cpu - before.cpu,
      ownCpu: (after.own.user + after.own.system) / 1e6 / seconds,
      memory: after.memory,
      latency: { p50: latency.at(0.5), p99: latency.at(0.99), max: latency.max },
    };
  } finally {
    for (const { stream } of asking) stream.close();
    poll.close();
  }
}

/** @throws {Error} When the server takes not all of them. */
function connectAll(poll: Poll, asking: readonly Asker[]): void {
  const events = new Events(256);
  for (let missing = asking.length; missing > 0; missing -= events.length) {
    waitFor(poll, events);
    for (const { token, isError } of events) {
      const stream = asking[token]?.stream;
      if (stream === undefined || isError)
        throw new Error("the server refuses connections");
      poll.registry.reregister(stream, token, READABLE);
    }
  }
}

/** @throws {Error} When nothing comes: the server stands still, or accepts nobody. */
function waitFor(poll: Poll, events: Events): void {
  const began = performance.now();
  do {
    poll.poll(events, LIMIT_MS);
    // A signal, too, ends a wait without any event.
    if (events.length > 0) return;
  } while (performance.now() - began < LIMIT_MS);
  throw new Error("the server has fallen silent");
}

/**
 * Handles what comes for so long.
 *
 * @returns How many responses came.
 * @throws {Error} When one is wrong, or a connection is lost.
 */
function turnFor(
  poll: Poll,
  asking: readonly Asker[],
  ms: number,
  latency?: Histogram,
): number {
  const events = new Events(256);
  const end = performance.now() + ms;
  let responses = 0;
  for (let now = 0; now < end; now = performance.now()) {
    waitFor(poll, events);
    for (let event = 0; event < events.length; event += 1) {
      const asker = asking[events.token(event)];
      if (asker === undefined) continue;
      const came = asker.read();
      responses += came;
      if (latency && came > 0) latency.add(performance.now() - asker.asked);
      if (came > 0) asker.ask(came);
    }
  }
  return responses;
}

/** One connection. */
class Asker {
  readonly stream: TcpStream;
  readonly #batch: Buffer;
  readonly #sample: Buffer;
  /** How much has come of a response that is not whole. */
  #got = 0;
  /** When the last requests were sent, by `performance.now()`. */
  asked = 0;

  constructor(stream: TcpStream, batch: Buffer, sample: Buffer) {
    this.stream = stream;
    this.#batch = batch;
    this.#sample = sample;
  }

  /** Sends so many requests by one write. */
  ask(count: number): void {
    this.asked = performance.now();
    const bytes = this.#batch.subarray(0, count * REQUEST.length);
    const sent = this.stream.write(bytes);
    // A kernel that does not take a few requests has a server that does not read.
    if (sent === "reset") throw new Error("the server ended a connection");
    if (sent !== bytes.length) throw new Error("the server reads no more requests");
  }

  /** Reads what is there. @returns How many responses it completes. */
  read(): number {
    const count = this.stream.read(INPUT);
    if (count === "blocked") return 0;
    if (typeof count === "string") throw new Error("the server ended a connection");
    const { length } = this.#sample;
    let responses = 0;
    let at = -this.#got;
    for (; at + length <= count; at += length) {
      responses += 1;
      // Both ends stand where they do in the first response, or something is longer.
      const begin = at < 0 || INPUT[at + STATUS] === this.#sample[STATUS];
      const end = INPUT[at + length - 1] === this.#sample.at(-1);
      if (!begin || !end) throw new Error("a response is not like the first");
    }
    this.#got = count - at;
    return responses;
  }
}

/** Where the first digit of the status is, in `HTTP/1.1 200`. */
const STATUS = 9;

/** What the server says to the request. @throws {Error} When that is no 200 with a length. */
async function firstResponse({ host, port }: Target): Promise<Buffer> {
  const socket = connect({ host, port });
  try {
    socket.write(REQUEST);
    let bytes = Buffer.alloc(0);
    for await (const piece of socket) {
      bytes = Buffer.concat([bytes, piece as Buffer]);
      const head = bytes.toString("latin1").split("\r\n\r\n")[0] ?? "";
      const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
      const whole = head.length + 4 + Number(length);
      if (!/^HTTP\/1\.1 200 /.test(head) && bytes.includes("\r\n\r\n")) break;
      if (bytes.length >= whole) return bytes.subarray(0, whole);
    }
    throw new Error("the server does not answer a GET with 200 and a length");
  } finally {
    socket.destroy();
  }
}
