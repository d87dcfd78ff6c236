// r6-reactor: the handler of shutdown: after a signal, requests in progress are finished.
import type { Waker } from "../shared/poll/readiness/waker.ts";
import { EventHandler, READINESS, type Readiness } from "./handler.ts";
import type { Listener } from "./listener.ts";
import type { Service } from "./service.ts";

/** One word that all threads see: 1 when the program should end. */
export type StopWord = Int32Array<SharedArrayBuffer>;

/** Stops all loops of the program: sets the word, and wakes them. */
export function stopAll(word: StopWord, wakers: readonly Waker[]): void {
  Atomics.store(word, 0, 1);
  for (const waker of wakers) waker.wake();
}

/** Ends its loop when the last client has left, or after the send timeout. */
export class Stop extends EventHandler {
  readonly #service: Service;
  readonly #listener: Listener;
  readonly #word: StopWord;

  constructor(service: Service, listener: Listener, word: StopWord) {
    super();
    this.#service = service;
    this.#listener = listener;
    this.#word = word;
    service.loop.reactor.onWake(this);
    service.onLeft = () => {
      listener.resume();
      this.#endIfEmpty();
    };
  }

  handle(readiness: Readiness): boolean {
    if (readiness & READINESS.time) this.#service.loop.end();
    else if (Atomics.load(this.#word, 0) === 1) this.#begin();
    return false;
  }

  #begin(): void {
    const { loop, clients, options } = this.#service;
    if (this.#service.isStopping) return;
    this.#service.isStopping = true;
    this.#listener.close();
    loop.setTimer(this, options["send-timeout"]);
    for (const client of [...clients]) client.leave();
    this.#endIfEmpty();
  }

  #endIfEmpty(): void {
    const { isStopping, clients, loop } = this.#service;
    if (isStopping && clients.size === 0) loop.end();
  }
}
