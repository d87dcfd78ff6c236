// r6-reactor: the handler that accepts clients.
import type { TcpListener } from "../shared/poll/net.ts";
import { READABLE } from "../shared/poll/readiness/interest.ts";
import type { Token } from "../shared/poll/token.ts";
import { Client } from "./client.ts";
import { EventHandler, READINESS, type Readiness } from "./handler.ts";
import type { Service } from "./service.ts";

/** When out of descriptors, retry after this many milliseconds, or when a client leaves. */
const RETRY_DELAY = 1000;
/** The most unsent bytes in the kernel, so that even a slow reader soon makes room for more. */
const UNSENT_LIMIT = 524288;

export class Listener extends EventHandler {
  readonly #service: Service;
  readonly #listener: TcpListener;
  /** Undefined while accepting is paused, for lack of descriptors or kernel memory. */
  #token: Token | undefined;

  constructor(service: Service, listener: TcpListener) {
    super();
    this.#service = service;
    this.#listener = listener;
    this.#watch();
  }

  /** Resumes accepting: a descriptor is free, or another process may have released one. */
  resume(): void {
    if (this.#token === undefined && !this.#listener.closed) this.#watch();
  }

  handle(readiness: Readiness): boolean {
    if (readiness & READINESS.unwatched) this.#pause();
    else if (readiness & READINESS.time) this.resume();
    else this.#accept();
    return false;
  }

  close(): void {
    const { loop } = this.#service;
    loop.forget(this);
    if (this.#token !== undefined) loop.reactor.unregister(this.#token, this.#listener);
    this.#listener.close();
  }

  /** Accepts all waiting clients: edge-triggered, they are not reported again. */
  #accept(): void {
    for (;;) {
      const stream = this.#listener.accept();
      if (stream === "blocked") return;
      if (stream === "full") {
        this.#pause();
        return;
      }
      // Each answer is one write, so Nagle's algorithm would only delay its last segment.
      stream.setNoDelay(true);
      stream.setUnsentLimit(UNSENT_LIMIT);
      new Client(this.#service, stream);
    }
  }

  #watch(): void {
    const { loop } = this.#service;
    loop.clearTimer(this);
    this.#token = loop.reactor.register(this, this.#listener, READABLE);
  }

  #pause(): void {
    const { loop } = this.#service;
    if (this.#token === undefined) return;
    loop.reactor.unregister(this.#token, this.#listener);
    this.#token = undefined;
    loop.setTimer(this, RETRY_DELAY);
  }
}
