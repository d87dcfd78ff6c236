// The load of requests: connections that stay open, each with a number of requests in flight.

import { TcpStream } from "../../../examples/shared/poll/net.ts";
import { Events } from "../../../examples/shared/poll/readiness/events.ts";
import { READABLE, WRITABLE } from "../../../examples/shared/poll/readiness/interest.ts";
import type { Poll } from "../../../examples/shared/poll/readiness/poll.ts";
import { openPoll } from "../../../examples/shared/poll/readiness/pollers.ts";
import type { GetLoad } from "../load.ts";
import type { HttpFigures } from "../result.ts";
import { type Answers, measured, type Options, waitFor } from "./measured.ts";
import { firstResponse, requestFor } from "./request.ts";

/** All connections share it, because the bytes are consumed before the next read. */
const INPUT = Buffer.alloc(256 * 1024);

/**
 * Requests one path over and over. The first response is read completely, and sets the length of
 * all others; their first and last bytes are compared with it.
 *
 * This blocks the thread, which waits in our own poller: `node:net` would use more of a core
 * than the servers that it measures.
 */
export async function get(
  load: Pick<GetLoad, "clients" | "pipelined" | "greedy">,
  options: Options,
): Promise<HttpFigures> {
  const { host, port } = options.target;
  const request = requestFor(options.path);
  const sample = await firstResponse(options.target, request);
  const poll = openPoll();
  const asking: Asker[] = [];
  const greedy = load.greedy ? new Greedy(options, request) : undefined;
  try {
    const batch = Buffer.from(request.repeat(load.pipelined), "latin1");
    for (let token = 0; token < load.clients; token += 1) {
      const stream = TcpStream.connect(host, port);
      asking.push(new Asker(stream, batch, request.length, sample));
      poll.registry.register(stream, token, READABLE | WRITABLE, "level");
    }
    connectAll(poll, asking);
    for (const asker of asking) asker.ask(load.pipelined);
    if (greedy) poll.registry.register(greedy.stream, asking.length, READABLE | WRITABLE);
    const events = new Events(256);
    const turn: Answers = (latency) => {
      let responses = 0;
      waitFor(poll, events);
      for (let event = 0; event < events.length; event += 1) {
        const asker = asking[events.token(event)];
        if (asker === undefined) greedy?.goesOn();
        const came = asker?.read() ?? 0;
        if (asker === undefined || came === 0) continue;
        responses += came;
        latency?.add(performance.now() - asker.asked);
        asker.ask(came);
      }
      return responses;
    };
    return measured(turn, options);
  } finally {
    for (const { stream } of asking) stream.close();
    greedy?.stream.close();
    poll.close();
  }
}

/** @throws {Error} When the server refuses a connection. */
function connectAll(poll: Poll, asking: readonly Asker[]): void {
  const events = new Events(256);
  for (let missing = asking.length; missing > 0; missing -= events.length) {
    waitFor(poll, events);
    for (const { token, isError } of events) {
      const stream = asking[token]?.stream;
      if (stream === undefined || isError)
        throw new Error("the server refuses connections");
      poll.registry.reregister(stream, token, READABLE, "level");
    }
  }
}

/** One connection. */
class Asker {
  readonly stream: TcpStream;
  readonly #batch: Buffer;
  /** The size of one request, in bytes. */
  readonly #size: number;
  readonly #sample: Buffer;
  /** How many bytes of an incomplete response have arrived. */
  #got = 0;
  /** When the last requests were sent, by `performance.now()`. */
  asked = 0;

  constructor(stream: TcpStream, batch: Buffer, size: number, sample: Buffer) {
    this.stream = stream;
    this.#batch = batch;
    this.#size = size;
    this.#sample = sample;
  }

  /** Sends `count` requests in one write. */
  ask(count: number): void {
    this.asked = performance.now();
    const bytes = this.#batch.subarray(0, count * this.#size);
    const sent = this.stream.write(bytes);
    // A send buffer with no room for a few requests belongs to a server that does not read.
    if (sent === "reset") throw new Error("the server ended a connection");
    if (sent !== bytes.length) throw new Error("the server reads no more requests");
  }

  /** Reads what has arrived. @returns How many responses it completes. */
  read(): number {
    const count = this.stream.read(INPUT);
    if (count === "blocked") return 0;
    if (typeof count === "string") throw new Error("the server ended a connection");
    const { length } = this.#sample;
    let responses = 0;
    let at = -this.#got;
    for (; at + length <= count; at += length) {
      responses += 1;
      // A response of another length shifts these two bytes.
      const begin = at < 0 || INPUT[at + STATUS] === this.#sample[STATUS];
      const end = INPUT[at + length - 1] === this.#sample.at(-1);
      if (!begin || !end) throw new Error("a response is not like the first");
    }
    this.#got = count - at;
    return responses;
  }
}

/** How many requests it sends in one write. */
const GREED = 500;

/** Sends requests as long as the server accepts them, and discards the responses. */
class Greedy {
  readonly stream: TcpStream;
  readonly #batch: Buffer;
  #left: Buffer;

  constructor({ target }: Options, request: string) {
    this.stream = TcpStream.connect(target.host, target.port);
    this.#batch = Buffer.from(request.repeat(GREED), "latin1");
    this.#left = this.#batch;
  }

  /** Reads and writes until both would block, or its budget is used up. */
  goesOn(): void {
    for (let time = 0; time < GREED; time += 1) {
      const read = this.stream.read(INPUT);
      const sent = this.stream.write(this.#left);
      if (typeof sent === "number") this.#left = this.#left.subarray(sent);
      if (this.#left.length === 0) this.#left = this.#batch;
      if (read === "blocked" && sent === "blocked") return;
      if (read === "end" || read === "reset") throw new Error("the server ended it");
    }
  }
}

/** The index of the first digit of the status, in `HTTP/1.1 200`. */
const STATUS = 9;
