// r8-runtime: what an HTTP connection can wait for, as handwritten futures, and what it
// answers. The three styles (async, generators, futures) define the order of the waits.

import type { FileRequest } from "../shared/file-request.ts";
import { problem, responseHead } from "../shared/http.ts";
import type { HeadReader } from "../shared/http-head.ts";
import type { TextAnswers } from "../shared/http-text.ts";
import type { FileReplies, Reply } from "../shared/runtime/file-replies.ts";
import {
  type Future,
  Mapped,
  PENDING,
  type Poll,
  ready,
  type Waker,
} from "../shared/runtime/future.ts";
import type { AsyncStream } from "../shared/runtime/net.ts";
import type { Sleep, Timers } from "../shared/runtime/timers.ts";
import type { CancellationToken } from "../shared/runtime/token.ts";
import { type Request, requestOf } from "./routes.ts";

/** How long a client's input is discarded after our half-close, in milliseconds. */
const LINGER = 2000;
/** The most bytes per read. */
export const READ = 65536;
/** RFC 9110, section 15.2.1. */
const CONTINUE = new TextEncoder().encode("HTTP/1.1 100 Continue\r\n\r\n");
const NOTHING = Buffer.alloc(0);
const [CR, LF] = [13, 10];
/** The most unsent bytes in the kernel, so that even a slow reader soon makes room for more. */
const UNSENT_LIMIT = 524288;

/** What all connections of a server share. */
export interface Service {
  readonly timers: Timers;
  readonly files: FileReplies;
  readonly texts: TextAnswers;
  /** Once cancelled, no connection starts another request. */
  readonly stopping: CancellationToken;
  /** This and `input` are used only within one poll, so connections can share them. */
  readonly head: HeadReader;
  /** Its size is the longest head plus {@link READ}. */
  readonly input: Buffer;
  readonly bodyLimit: number;
  readonly timeouts: { readonly [On in "idle" | "head" | "body" | "send"]: number };
  /** Asks the chat for its rooms; undefined when no chat is configured. */
  readonly rooms: (() => Future<readonly string[] | undefined>) | undefined;
  /** Called when a connection is closed. */
  left(): void;
}

/** The input is not a request that we accept. */
export interface Refusal {
  readonly status: number;
  readonly method: string;
}

/** Whether the result of reading a head is a refusal. */
export function isRefusal(got: Request | Refusal): got is Refusal {
  return "status" in got;
}

/**
 * One client. Poll only one of its futures at a time; dropping it leaves the connection as
 * it was. Each deadline is counted from the first poll.
 */
export class Connection {
  readonly #stream: AsyncStream;
  readonly #service: Service;
  /** One timer for all deadlines: postponing it costs next to nothing. */
  readonly #deadline: Sleep;
  /** Input that has not been consumed: not parsed yet, or incomplete. */
  #input: Buffer = NOTHING;
  #isClosed = false;

  constructor(stream: AsyncStream, service: Service) {
    this.#stream = stream;
    stream.setUnsentLimit(UNSENT_LIMIT);
    this.#service = service;
    this.#deadline = service.timers.idle();
  }

  /** Closes the socket and releases everything else. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#deadline.drop();
    this.#stream.close();
    this.#service.left();
  }

  // #region futures
  /** Whether a request begins. If not, end the connection with `linger`. */
  begins(): Future<boolean> {
    const { stopping, timeouts } = this.#service;
    const stopped = stopping.cancelled();
    return this.#within(
      timeouts.idle,
      (waker) => {
        for (;;) {
          if (stopping.isCancelled) return false;
          this.#skipEmptyLines();
          if (this.#input.length > 0) return true;
          const got = this.#read(waker);
          if (got === "end" || got === "reset") return false;
          if (got === PENDING && stopped.poll(waker) === PENDING) return PENDING;
        }
      },
      () => false,
      stopped,
    );
  }

  /** Reads a request up to its body; undefined when the client disconnects first. */
  head(): Future<Request | Refusal | undefined> {
    const { head, bodyLimit, timeouts } = this.#service;
    return this.#within(
      timeouts.head,
      (waker) => {
        for (;;) {
          const result = head.read(this.#input, 0, this.#input.length);
          if (result !== "more") {
            const request = result === "whole" ? requestOf(head, bodyLimit) : result;
            if (typeof request === "number") {
              return { status: request, method: head.method };
            }
            this.#skip(head.length);
            return request;
          }
          const got = this.#read(waker);
          if (got === PENDING) return PENDING;
          // An incomplete request needs no answer (RFC 9112, section 8).
          if (got !== "some") return undefined;
        }
      },
      () => ({ status: 408, method: "GET" }),
    );
  }
  // #endregion futures

  /** Reads a request's body to its end; undefined when the client disconnects first. */
  body({ body, method }: Request): Future<"whole" | Refusal | undefined> {
    return this.#within<"whole" | Refusal | undefined>(
      this.#service.timeouts.body,
      (waker) => {
        for (;;) {
          const { length } = this.#input;
          const result = body?.read(this.#input, 0, length) ?? { at: 0, is: "whole" };
          this.#skip(result.at);
          if (result.is === "whole") return "whole";
          if (result.is !== "more") return { status: result.is, method };
          const got = this.#read(waker);
          if (got === PENDING) return PENDING;
          if (got !== "some") return undefined;
        }
      },
      () => ({ status: 408, method }),
    );
  }

  /** Sends `100 Continue`, so that the client sends the body. */
  sendContinue(): Future<boolean> {
    return this.send(CONTINUE);
  }

  /** Sends all bytes. False when the connection is lost, or takes nothing for too long. */
  send(bytes: Uint8Array): Future<boolean> {
    const { send } = this.#service.timeouts;
    let left = bytes;
    return this.#within(
      send,
      (waker) => {
        for (;;) {
          const count = this.#stream.pollSend(left, waker);
          if (count === PENDING) return PENDING;
          if (count === "reset") return false;
          left = left.subarray(count);
          if (left.length === 0) return true;
          // Progress extends the deadline: only a reader that has stopped is disconnected.
          this.#deadline.reset(send);
        }
      },
      () => {
        this.#stream.reset();
        return false;
      },
    );
  }

  /** Waits for `ms` milliseconds. False when the client resets first. */
  delay(ms: number): Future<boolean> {
    const { timers } = this.#service;
    const sleep = timers.sleep(ms);
    return new Mapped(this.unlessGone(sleep), (value) => value !== GONE);
  }

  /**
   * Half-closes, then discards input until the client closes. Closing with unread input
   * would reset the connection, and might lose the answer (RFC 9112, section 9.6).
   */
  linger(): Future<void> {
    let hasBegun = false;
    return this.#within(
      LINGER,
      (waker) => {
        if (!hasBegun) this.#stream.shutdown();
        hasBegun = true;
        for (;;) {
          this.#input = NOTHING;
          const got = this.#read(waker);
          if (got !== "some") return got === PENDING ? PENDING : undefined;
        }
      },
      () => undefined,
    );
  }

  /** Waits for a future. If the client resets, drops it and returns {@link GONE}. */
  unlessGone<Value>(future: Future<Value>): Future<Value | typeof GONE> {
    const stream = this.#stream;
    return {
      poll(waker) {
        const value = future.poll(waker);
        if (value !== PENDING || stream.pollWriteClosed(waker) === PENDING) return value;
        future.drop();
        return GONE;
      },
      drop() {
        stream.forget();
        future.drop();
      },
    };
  }

  /** Whether another request may follow the answer to this one. */
  keeps({ keep }: Request): boolean {
    return keep && !this.#service.stopping.isCancelled;
  }

  /** The answer to a request whose body has been read, in pieces. */
  answer({ method, wants }: Request, keep: boolean): Reply {
    const connection = keep ? "keep-alive" : "close";
    switch (wants.is) {
      case "file": {
        const { segments, conditions } = wants;
        const request: FileRequest = { method, segments, conditions, connection };
        return this.#service.files.open(request);
      }
      case "text":
        return whole(this.#text(wants.text, method, connection));
      case "rooms":
        return this.#rooms(method, connection);
      case "status": {
        const { status } = wants;
        const fields = { Allow: "GET, HEAD, OPTIONS", Connection: connection };
        if (status === 204) return whole(responseHead(204, fields));
        return whole(problem(status, method, { Connection: connection }));
      }
      default:
        return wants satisfies never;
    }
  }

  #rooms(method: string, connection: "keep-alive" | "close"): Reply {
    const { rooms } = this.#service;
    if (rooms === undefined) {
      return whole(problem(404, method, { Connection: connection }));
    }
    const asked = rooms();
    return {
      next: () =>
        new Mapped(asked, (list) => {
          const text = list
            ? this.#text(list.map((one) => `${one}\n`).join(""), method, connection)
            : problem(503, method, { Connection: connection });
          return { bytes: Buffer.from(text), more: false };
        }),
      close: () => asked.drop(),
    };
  }

  #text(body: string, method: string, connection: "keep-alive" | "close"): string {
    const { texts, timers } = this.#service;
    return texts.answer(body, method, connection, timers.now);
  }

  /** A future with a deadline, at which it returns `late()`. Drops `also` when it ends. */
  #within<Value>(
    ms: number,
    poll: (waker: Waker) => Poll<Value>,
    late: () => Value,
    also?: Future<unknown>,
  ): Future<Value> {
    let hasBegun = false;
    return {
      poll: (waker) => {
        if (!hasBegun) this.#deadline.reset(ms);
        hasBegun = true;
        let value = poll(waker);
        if (value === PENDING && this.#deadline.poll(waker) !== PENDING) value = late();
        this.#put();
        if (value === PENDING) return PENDING;
        this.#stream.forget();
        also?.drop();
        return value;
      },
      drop: () => {
        this.#stream.forget();
        also?.drop();
      },
    };
  }

  /** Reads more input, after what is already in the buffer. */
  #read(waker: Waker): Poll<"some" | "end" | "reset"> {
    const { input } = this.#service;
    const begun = this.#input.length > 0 ? this.#input.copy(input) : 0;
    // The input may have been further back in this same buffer: it has moved to the front.
    if (begun > 0) this.#input = input.subarray(0, begun);
    // The buffer is usually empty; then it is used directly, without creating a view.
    const room = begun === 0 ? input : input.subarray(begun, begun + READ);
    const count = this.#stream.pollRecv(room, waker);
    if (typeof count !== "number") return count;
    this.#input = input.subarray(0, begun + count);
    return "some";
  }

  /** Copies unused input out of the buffer, which all connections share. */
  #put(): void {
    if (this.#input.length === 0) this.#input = NOTHING;
    else if (this.#input.buffer === this.#service.input.buffer)
      this.#input = Buffer.from(this.#input);
  }

  /** Skips empty lines: some old clients send one after a body (RFC 9112, section 2.2). */
  #skipEmptyLines(): void {
    while (this.#input[0] === CR && this.#input[1] === LF) this.#skip(2);
  }

  #skip(count: number): void {
    this.#input = this.#input.subarray(count);
  }
}

/** The client has reset. If it only closes, we notice at the next write. */
export const GONE: unique symbol = Symbol("gone");

/** The answer to a refused request. */
export function refusalOf({ status, method }: Refusal): Uint8Array {
  return Buffer.from(problem(status, method));
}

function whole(text: string): Reply {
  const bytes = Buffer.from(text);
  return { next: () => ready({ bytes, more: false }), close() {} };
}
