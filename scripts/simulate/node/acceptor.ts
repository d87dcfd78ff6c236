// Accepts the connections of a listening socket, one in each turn.
import type { Endpoint } from "../kernel/endpoint.ts";
import type { Listener } from "../kernel/network.ts";
import type { SimulatedProcess } from "../kernel/process.ts";

export class Acceptor {
  readonly #listener: Listener;
  readonly #process: SimulatedProcess;
  readonly #accepted: (endpoint: Endpoint) => void;
  #isWoken = false;
  #isClosed = false;

  constructor(
    listener: Listener,
    process: SimulatedProcess,
    accepted: (endpoint: Endpoint) => void,
  ) {
    this.#listener = listener;
    this.#process = process;
    this.#accepted = accepted;
    listener.onReadable = () => this.#wake();
  }

  /** Stops accepting. @returns the listener. */
  close(): Listener {
    this.#isClosed = true;
    return this.#listener;
  }

  #wake(): void {
    if (this.#isWoken) return;
    this.#isWoken = true;
    this.#listener.inner.wake(this.#process, () => {
      this.#isWoken = false;
      if (!this.#isClosed) this.#accept();
    });
  }

  #accept(): void {
    const endpoint = this.#listener.waiting.shift();
    if (endpoint === undefined) return;
    if (this.#listener.waiting.length > 0) this.#wake();
    const { openSockets, descriptors } = this.#process;
    // As libuv's uv__emfile_trick: closes the connection if no descriptor is left.
    if (openSockets >= descriptors) endpoint.close();
    else this.#accepted(endpoint);
  }
}
