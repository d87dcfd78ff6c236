// r9-chat: a browser's connection: reads requests one after another, and sends the answers.
import { problem } from "../shared/http.ts";
import { CONDITIONS, type Conditions } from "../shared/http-conditions.ts";
import { HeadReader } from "../shared/http-head.ts";
import { coroutine, type Steps, wait } from "../shared/runtime/coroutine.ts";
import type { AsyncStream } from "../shared/runtime/net.ts";
import { LATE, type Timers } from "../shared/runtime/timers.ts";

/** How long a client's input is discarded after our half-close, in milliseconds. */
const LINGER = 2_000;
/** RFC 9110, section 15.2.1. */
const CONTINUE = Buffer.from("HTTP/1.1 100 Continue\r\n\r\n");
const NOTHING = Buffer.alloc(0);
const [CR, LF] = [13, 10];
/** All connections read into it; each copies what it needs before it waits. */
const INPUT = Buffer.alloc(16_384);

/** What a client may send, in bytes, and how long it may take, in milliseconds. */
export interface Limits {
  readonly head: number;
  readonly body: number;
  readonly timeouts: { readonly [On in "idle" | "head" | "body" | "send"]: number };
}

/** A request without its body: the parts that the page uses. */
interface Head {
  readonly method: string;
  /** A path with or without a query, or another form such as `*`. */
  readonly target: string;
  readonly conditions: Conditions;
  readonly host: string | undefined;
  /** The origin of the page that sent it, according to the browser. */
  readonly origin: string | undefined;
  readonly site: string | undefined;
  /** Identifies the event stream, and so the user, that it belongs to. */
  readonly key: string | undefined;
  /** Whether another request may follow. */
  readonly keep: boolean;
  /** Whether the client waits for our 100 Continue before it sends the body. */
  readonly expects: boolean;
  /** The length of the body, in bytes. */
  readonly length: number;
}

export interface Request extends Head {
  readonly body: Buffer;
}

/** The input is not a request that we accept. */
interface Refusal {
  readonly status: number;
  readonly method: string;
}

/** One browser's connection. Only one call may be in flight at a time. */
export class Visit {
  readonly stream: AsyncStream;
  readonly #timers: Timers;
  readonly #limits: Limits;
  /** Bytes received but not used yet. */
  #input: Buffer = NOTHING;

  constructor(stream: AsyncStream, timers: Timers, limits: Limits) {
    this.stream = stream;
    this.#timers = timers;
    this.#limits = limits;
  }

  /**
   * Reads the next request, with its body. Do not call it after a refusal: where the next
   * request begins is unknown.
   *
   * @returns Undefined when the client ends or is idle too long: close without an answer.
   */
  *next(): Steps<Request | Refusal | undefined> {
    const { idle, head, body } = this.#limits.timeouts;
    if ((yield* this.#within(idle, this.#begins())) !== true) return undefined;
    const got = yield* this.#within(head, this.#head());
    if (got === LATE) return { status: 408, method: "GET" };
    if (got === undefined || "status" in got) return got;
    if (got.expects && !(yield* this.send(CONTINUE))) return undefined;
    const bytes = yield* this.#within(body, this.#body(got.length));
    if (bytes === LATE) return { status: 408, method: got.method };
    return bytes && { ...got, body: bytes };
  }

  /** Sends all bytes. False when the connection is lost, or sending takes too long. */
  *send(bytes: Uint8Array): Steps<boolean> {
    const sent = this.stream.send(bytes);
    const { send } = this.#limits.timeouts;
    const result = yield* wait(this.#timers.timeout(sent, send));
    if (result === LATE) this.stream.reset();
    return result === "sent";
  }

  /** Sends an error response, then lingers. */
  *refuse({ status, method }: Refusal): Steps<void> {
    if (yield* this.send(Buffer.from(problem(status, method)))) yield* this.linger();
  }

  /**
   * Half-closes, then discards input until the client closes. Closing with unread input
   * would reset the connection, and might lose the answer (RFC 9112, section 9.6).
   */
  *linger(): Steps<void> {
    this.#input = NOTHING;
    this.stream.shutdown();
    yield* this.#within(LINGER, this.#discard());
  }

  *#discard(): Steps<void> {
    while (typeof (yield* wait(this.stream.recv(INPUT))) === "number");
  }

  /** Whether a request begins; false at the end of the stream. */
  *#begins(): Steps<boolean> {
    for (;;) {
      // Some old clients send an empty line after a body (RFC 9112, section 2.2).
      while (this.#input[0] === CR && this.#input[1] === LF) this.#skip(2);
      if (this.#input.length > 0) return true;
      if (!(yield* this.#read())) return false;
    }
  }

  *#head(): Steps<Head | Refusal | undefined> {
    const reader = new HeadReader({ head: this.#limits.head });
    for (;;) {
      const result = reader.read(this.#input, 0, this.#input.length);
      if (typeof result === "number") return { status: result, method: reader.method };
      if (result === "whole") {
        const head = headOf(reader, this.#limits.body);
        this.#skip(reader.length);
        return typeof head === "number" ? { status: head, method: reader.method } : head;
      }
      if (!(yield* this.#read())) return undefined;
    }
  }

  *#body(length: number): Steps<Buffer | undefined> {
    while (this.#input.length < length) if (!(yield* this.#read())) return undefined;
    const body = this.#input.subarray(0, length);
    this.#skip(length);
    return body;
  }

  /** Appends received bytes to the input. False at the end of the stream. */
  *#read(): Steps<boolean> {
    const count = yield* wait(this.stream.recv(INPUT));
    if (typeof count !== "number") return false;
    this.#input = Buffer.concat([this.#input, INPUT.subarray(0, count)]);
    return true;
  }

  *#within<Value>(ms: number, steps: Steps<Value>): Steps<Value | typeof LATE> {
    return yield* wait(this.#timers.timeout(coroutine(steps), ms));
  }

  #skip(count: number): void {
    this.#input = this.#input.length === count ? NOTHING : this.#input.subarray(count);
  }
}

/** The parts of a head that we use; a status when the request is refused already. */
function headOf(head: HeadReader, bodyLimit: number): Head | number {
  const { method, framing, keepAlive: keep } = head;
  // An expectation in an HTTP/1.0 request is ignored (RFC 9110, section 10.1.1).
  const expected = head.isOld ? undefined : head.field("expect")?.toLowerCase();
  if (expected !== undefined && expected !== "100-continue") return 417;
  // A body here is one short line, so its length is known in advance.
  if (framing === "chunked") return 411;
  if (framing > bodyLimit) return 413;
  const conditions: Conditions = {};
  for (const name of CONDITIONS) {
    const value = head.field(name);
    if (value !== undefined) conditions[name] = value;
  }
  return {
    method,
    target: head.target,
    conditions,
    host: head.field("host"),
    origin: head.field("origin"),
    site: head.field("sec-fetch-site"),
    key: head.field("chat-key"),
    keep,
    expects: expected !== undefined && framing > 0,
    length: framing,
  };
}
