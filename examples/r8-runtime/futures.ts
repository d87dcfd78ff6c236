// r8-runtime: the life of a connection as a handwritten future. A compiler turns the other
// two into this: a tag for the place, and a field for each variable that outlives a wait.
import type { Piece, Reply } from "../shared/runtime/file-replies.ts";
import { type Future, PENDING, type Poll, type Waker } from "../shared/runtime/future.ts";
import {
  type Connection,
  GONE,
  isRefusal,
  type Refusal,
  refusalOf,
} from "./connection.ts";
import type { Request } from "./routes.ts";

type Got<Method extends "head" | "body"> =
  ReturnType<Connection[Method]> extends Future<infer Value> ? Value : never;

/** The current wait, and the variables that are needed after it. */
type At =
  | { readonly is: "begins"; readonly waits: Future<boolean> }
  | { readonly is: "head"; readonly waits: Future<Got<"head">> }
  | {
      readonly is: "continue";
      readonly waits: Future<boolean>;
      readonly request: Request;
    }
  | {
      readonly is: "body";
      readonly waits: Future<Got<"body">>;
      readonly request: Request;
    }
  | { readonly is: "delay"; readonly waits: Future<boolean>; readonly request: Request }
  | {
      readonly is: "piece";
      readonly waits: Future<Piece | undefined | typeof GONE>;
      readonly reply: Reply;
      readonly keep: boolean;
    }
  | {
      readonly is: "send";
      readonly waits: Future<boolean>;
      readonly reply: Reply;
      readonly keep: boolean;
      readonly more: boolean;
    }
  | { readonly is: "refuse"; readonly waits: Future<boolean> }
  | { readonly is: "linger"; readonly waits: Future<void> };

/** Serves one client until either side closes the connection. */
export class Serve implements Future<void> {
  readonly #connection: Connection;
  #at: At | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#at = { is: "begins", waits: connection.begins() };
  }

  drop(): void {
    this.#at?.waits.drop();
    if (this.#at?.is === "send") this.#at.reply.close();
    this.#at = undefined;
    this.#connection.close();
  }

  poll(waker: Waker): Poll<void> {
    while (this.#at !== undefined) {
      const next = this.#step(this.#at, waker);
      if (next === PENDING) return PENDING;
      this.#at = next;
    }
    this.#connection.close();
    return undefined;
  }

  // #region step
  /** Goes from one wait to the next; undefined when the connection is done. */
  #step(at: At, waker: Waker): Poll<At | undefined> {
    const connection = this.#connection;
    switch (at.is) {
      case "begins": {
        const has = at.waits.poll(waker);
        if (has === PENDING) return PENDING;
        if (has) return { is: "head", waits: connection.head() };
        return { is: "linger", waits: connection.linger() };
      }
      case "head": {
        const request = at.waits.poll(waker);
        if (request === PENDING || request === undefined) return request;
        if (isRefusal(request)) return this.#refuse(request);
        if (request.body === undefined) return this.#afterBody(request);
        if (request.expects)
          return { is: "continue", waits: connection.sendContinue(), request };
        return { is: "body", waits: connection.body(request), request };
      }
      case "continue": {
        const { request } = at;
        const isSent = at.waits.poll(waker);
        if (isSent === PENDING) return PENDING;
        return isSent
          ? { is: "body", waits: connection.body(request), request }
          : undefined;
      }
      case "body": {
        const body = at.waits.poll(waker);
        if (body === PENDING || body === undefined) return body;
        return body === "whole" ? this.#afterBody(at.request) : this.#refuse(body);
      }
      case "delay": {
        const isHere = at.waits.poll(waker);
        if (isHere === PENDING) return PENDING;
        return isHere ? this.#answer(at.request) : undefined;
      }
      case "piece": {
        const { reply, keep } = at;
        const piece = at.waits.poll(waker);
        if (piece === PENDING) return PENDING;
        // Cut short. The client would take another answer for the rest of this one.
        if (piece === GONE || piece === undefined) return undefined;
        const { bytes, more } = piece;
        return { is: "send", waits: connection.send(bytes), reply, keep, more };
      }
      case "send": {
        const { reply, keep, more } = at;
        const isSent = at.waits.poll(waker);
        if (isSent === PENDING) return PENDING;
        if (!isSent) {
          reply.close();
          return undefined;
        }
        if (more) return this.#piece(reply, keep);
        if (keep) return { is: "begins", waits: connection.begins() };
        return { is: "linger", waits: connection.linger() };
      }
      case "refuse": {
        const isSent = at.waits.poll(waker);
        if (isSent === PENDING) return PENDING;
        return isSent ? { is: "linger", waits: connection.linger() } : undefined;
      }
      case "linger":
        return at.waits.poll(waker) === PENDING ? PENDING : undefined;
      default:
        return at satisfies never;
    }
  }
  // #endregion step

  #afterBody(request: Request): At {
    if (request.delay === 0) return this.#answer(request);
    return { is: "delay", waits: this.#connection.delay(request.delay), request };
  }

  #answer(request: Request): At {
    const keep = this.#connection.keeps(request);
    return this.#piece(this.#connection.answer(request, keep), keep);
  }

  #piece(reply: Reply, keep: boolean): At {
    const waits = this.#connection.unlessGone(reply.next());
    return { is: "piece", waits, reply, keep };
  }

  /** Nothing after a refusal is parsed, because the next request's start is unknown. */
  #refuse(refusal: Refusal): At {
    return { is: "refuse", waits: this.#connection.send(refusalOf(refusal)) };
  }
}
