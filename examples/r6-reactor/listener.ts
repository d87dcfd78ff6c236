// r6-reactor: the handler of those who want to come in.
import type { TcpListener } from "../shared/poll/net.ts";
import { READABLE } from "../shared/poll/readiness/interest.ts";
import type { Token } from "../shared/poll/token.ts";
import { Client } from "./client.ts";
import { EventHandler, HAPPENED, type Happened } from "./handler.ts";
import type { Service } from "./service.ts";

/** How long we wait for a free descriptor when none of ours comes back, in milliseconds. */
const PATIENCE = 1000;

export class Listener extends EventHandler {
  readonly #service: Service;
  readonly #listener: TcpListener;
  /** Undefined while it is not watched: no descriptor is left for a client. */
  #token: Token | undefined;

  constructor(service: Service, listener: TcpListener) {
    super();
    this.#service = service;
    this.#listener = listener;
    this.#watch();
  }

  /** A descriptor is free, or its time is up: others in the system may have left one. */
  watchAgain(): void {
    if (this.#token === undefined && !this.#listener.closed) this.#watch();
  }

  handle(happened: Happened): boolean {
    if (happened & HAPPENED.unwatched) this.#pause();
    else if (happened & HAPPENED.time) this.watchAgain();
    else this.#accept();
    return false;
  }

  close(): void {
    const { loop } = this.#service;
    loop.forget(this);
    if (this.#token !== undefined) loop.reactor.unregister(this.#token, this.#listener);
    this.#listener.close();
  }

  /** Accepts all waiting clients: edge-triggered, they are reported once. */
  #accept(): void {
    for (;;) {
      const stream = this.#listener.accept();
      if (stream === "blocked") return;
      if (stream === "full") {
        this.#pause();
        return;
      }
      // Answers are one write: to hold back the last piece of one would only be a delay.
      stream.setNoDelay(true);
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
    loop.setTimer(this, PATIENCE);
  }
}
