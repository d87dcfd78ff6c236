// The load of visits: each request has its own connection, as r1 to r4 require.

import { TcpStream } from "../../../examples/shared/poll/net.ts";
import { Events } from "../../../examples/shared/poll/readiness/events.ts";
import { READABLE, WRITABLE } from "../../../examples/shared/poll/readiness/interest.ts";
import type { Poll } from "../../../examples/shared/poll/readiness/poll.ts";
import { openPoll } from "../../../examples/shared/poll/readiness/pollers.ts";
import type { Target } from "../client.ts";
import type { VisitLoad } from "../load.ts";
import type { VisitResult } from "../result.ts";
import { type Answers, measured, type Options, waitFor } from "./measured.ts";
import { firstResponse, requestFor } from "./request.ts";

/** All connections share it, because the bytes are consumed before the next read. */
const INPUT = Buffer.alloc(256 * 1024);

/** `clients` at a time connect, send one request, and read until the server closes. */
export async function visit(load: VisitLoad, options: Options): Promise<VisitResult> {
  const request = requestFor(options.path, "Connection: close\r\n");
  const sample = await firstResponse(options.target, request);
  const bytes = Buffer.from(request, "latin1");
  const poll = openPoll();
  const visitors = Array.from({ length: load.clients }, (_, token) => {
    return new Visitor(poll, token, options.target, bytes, sample.length);
  });
  try {
    for (const visitor of visitors) visitor.come();
    const events = new Events(256);
    const turn: Answers = (latency) => {
      let visits = 0;
      waitFor(poll, events);
      for (let event = 0; event < events.length; event += 1) {
        const visitor = visitors[events.token(event)];
        if (!visitor?.goesOn(events.isReadable(event))) continue;
        visits += 1;
        latency?.add(performance.now() - visitor.came);
        visitor.come();
      }
      return visits;
    };
    return { kind: "visit", ...measured(turn, options) };
  } finally {
    for (const { stream } of visitors) stream?.close();
    poll.close();
  }
}

/** A place for one client at a time: when one leaves, the next connects. */
class Visitor {
  readonly #poll: Poll;
  readonly #token: number;
  readonly #target: Target;
  readonly #request: Buffer;
  readonly #length: number;
  #got = 0;
  stream: TcpStream | undefined;
  /** When the client connected, by `performance.now()`. */
  came = 0;

  constructor(
    poll: Poll,
    token: number,
    target: Target,
    request: Buffer,
    length: number,
  ) {
    this.#poll = poll;
    this.#token = token;
    this.#target = target;
    this.#request = request;
    this.#length = length;
  }

  come(): void {
    this.came = performance.now();
    this.#got = 0;
    this.stream = TcpStream.connect(this.#target.host, this.#target.port);
    this.#poll.registry.register(this.stream, this.#token, WRITABLE, "level");
  }

  /** @returns Whether the client has left. @throws {Error} When it was not served. */
  goesOn(isReadable: boolean): boolean {
    if (this.stream === undefined) return false;
    if (!isReadable) {
      const sent = this.stream.write(this.#request);
      if (sent !== this.#request.length)
        throw new Error("the server refuses connections");
      this.#poll.registry.reregister(this.stream, this.#token, READABLE, "level");
      return false;
    }
    const count = this.stream.read(INPUT);
    if (count === "blocked") return false;
    if (count === "reset") throw new Error("the server reset a connection");
    if (count !== "end") {
      this.#got += count;
      return false;
    }
    if (this.#got !== this.#length) throw new Error("a response is not like the first");
    this.stream.close();
    return true;
  }
}
