// What a socket has to read: when data is there, it requests a turn; each turn reads once.
import type { Endpoint } from "../kernel/endpoint.ts";
import type { SimulatedProcess } from "../kernel/process.ts";

/** The most bytes that libuv reads at once. */
const CHUNK = 65536;

/** Bytes; or the end, or the error because of which no more will come. */
type Got = Exclude<ReturnType<Endpoint["read"]>, "again">;

export class Incoming {
  readonly #process: SimulatedProcess;
  readonly #endpoint: Endpoint;
  readonly #take: (got: Got) => void;
  /** The most bytes to read at once. */
  most = CHUNK;
  #isReading = false;
  /** A turn that will read was requested. */
  #isWoken = false;

  /** @param take Called in a turn of the process with what was read. */
  constructor(process: SimulatedProcess, endpoint: Endpoint, take: (got: Got) => void) {
    this.#process = process;
    this.#endpoint = endpoint;
    this.#take = take;
    endpoint.onReadable = () => {
      if (this.#isReading) this.#wake();
    };
  }

  get isReading(): boolean {
    return this.#isReading;
  }

  start(): void {
    this.#isReading = true;
    if (this.#endpoint.isReadable) this.#wake();
  }

  stop(): void {
    this.#isReading = false;
  }

  #wake(): void {
    if (this.#isWoken) return;
    this.#isWoken = true;
    this.#endpoint.inner.wake(this.#process, () => {
      this.#isWoken = false;
      if (this.#isReading) this.#read();
    });
  }

  #read(): void {
    const got = this.#endpoint.read(this.most);
    if (got === "again") return;
    if (typeof got === "string") this.#isReading = false;
    this.#take(got);
    if (this.#isReading && this.#endpoint.isReadable) this.#wake();
  }
}
