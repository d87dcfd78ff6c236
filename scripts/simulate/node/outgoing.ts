// What a socket still has to write: libuv's write queue, and the shutdown after it.
import type { Endpoint } from "../kernel/endpoint.ts";
import type { SimulatedProcess } from "../kernel/process.ts";
import { numberOf, UV } from "./errors.ts";
import { type Request, STATE, WRITTEN, WRITTEN_LATER } from "./stream-wrap.ts";

/** A write of which the system has taken only a part. */
interface Write {
  readonly request: Request;
  rest: Uint8Array;
}

export class Outgoing {
  readonly #process: SimulatedProcess;
  readonly #endpoint: Endpoint;
  readonly #writes: Write[] = [];
  #shutdown: Request | undefined;
  #cancelled = false;

  constructor(process: SimulatedProcess, endpoint: Endpoint) {
    this.#process = process;
    this.#endpoint = endpoint;
    endpoint.onWritable = () => {
      if (this.#writes.length > 0) process.later(() => this.#goOn());
    };
  }

  /** Whether a write or the shutdown is pending. */
  get isBusy(): boolean {
    return this.#writes.length > 0 || this.#shutdown !== undefined;
  }

  /** Writes what the system takes at once, and the rest when there is room. */
  write(request: Request, bytes: Uint8Array): number {
    STATE[WRITTEN] = bytes.length;
    STATE[WRITTEN_LATER] = 0;
    let rest = bytes;
    if (this.#writes.length === 0) {
      const taken = this.#endpoint.write(bytes);
      if (typeof taken === "string") return numberOf(taken);
      if (taken === bytes.length) return 0;
      rest = bytes.subarray(taken);
    }
    STATE[WRITTEN_LATER] = 1;
    this.#writes.push({ request, rest });
    return 0;
  }

  /** Finishes sending, after all pending writes. */
  shutdown(request: Request): void {
    this.#shutdown = request;
    this.#process.later(() => this.#goOn());
  }

  /** Cancels pending writes, because the socket was closed. */
  cancel(): void {
    this.#cancelled = true;
    const waiting = this.#writes.splice(0).map(({ request }) => request);
    if (this.#shutdown) waiting.push(this.#shutdown);
    this.#shutdown = undefined;
    for (const request of waiting) request.oncomplete(UV.UV_ECANCELED);
  }

  #goOn(): void {
    if (this.#cancelled) return;
    const [write] = this.#writes;
    if (write === undefined) {
      this.#finish();
      return;
    }
    const taken = this.#endpoint.write(write.rest);
    if (typeof taken === "number") {
      write.rest = write.rest.subarray(taken);
      if (write.rest.length > 0) return;
    }
    this.#writes.shift();
    // Each completion gets its own turn.
    this.#process.later(() => this.#goOn());
    write.request.oncomplete(typeof taken === "string" ? numberOf(taken) : 0);
  }

  #finish(): void {
    const request = this.#shutdown;
    this.#shutdown = undefined;
    if (request === undefined) return;
    this.#endpoint.shutdown();
    request.oncomplete(0);
  }
}
