// One end of a simulated TCP connection, as the system at that end keeps it.
import type { Weather } from "./weather.ts";
import type { Wire } from "./wire.ts";

/** The error of a call, by its system name. */
type Failure = "ECONNRESET" | "ECONNREFUSED" | "EPIPE";

export interface Address {
  readonly address: string;
  readonly port: number;
  readonly family: "IPv4" | "IPv6";
}

interface Ends {
  readonly local: Address;
  readonly remote: Address;
}

/**
 * The data flows through two buffers:
 *
 * ```text
 *   write ─▶ #queue ▒▒▒▒ ─▶ on its way ▒▒ ─▶ the peer's #inbox ▓▓▓ ─▶ read
 *            └─────── sendBuffer ───────┘
 *                           └────────── receiveBuffer ───────┘  (the window)
 * ```
 */
export class Endpoint {
  readonly local: Address;
  readonly remote: Address;
  readonly inner: Wire;
  /** Called when there are bytes, the end or an error to read. */
  onReadable = () => {};
  /** Called when there is room to write again, or an error. */
  onWritable = () => {};
  /** Received bytes that have not been read, in the chunks in which they arrived. */
  readonly #inbox: Uint8Array[] = [];
  readonly #queue: Uint8Array[] = [];
  readonly #weather: Weather;
  readonly #wire: Wire;
  #peer: Endpoint | undefined;
  #unread = 0;
  /** Bytes that have not reached the peer's system: queued or in flight. */
  #unsent = 0;
  #onTheWay = 0;
  /** We have finished sending; `#finSent`: the FIN has gone out. */
  #finished = false;
  #finSent = false;
  /** The peer has finished sending. */
  #ended = false;
  /** A reset was sent or received: no more data flows in either direction. */
  #over = false;
  #closed = false;
  /** An error that no call has reported yet. */
  #failure: Failure | undefined;

  /**
   * @param wire To the peer.
   * @param inner From the system to the program that reads.
   */
  constructor(ends: Ends, weather: Weather, wire: Wire, inner: Wire) {
    this.local = ends.local;
    this.remote = ends.remote;
    this.inner = inner;
    this.#weather = weather;
    this.#wire = wire;
  }

  /** Connects two ends: the client's, which may already be closed, and the server's. */
  static join(a: Endpoint, b: Endpoint): void {
    a.#peer = b;
    b.#peer = a;
    // A client that has reset in the meantime sends its reset now.
    if (a.#over) a.#reset();
    else a.#pump();
  }

  /** Whether `read` has bytes, the end or an error to return. */
  get isReadable(): boolean {
    return this.#unread > 0 || this.#ended || this.#failure !== undefined;
  }

  get isRefused(): boolean {
    return this.#failure === "ECONNREFUSED";
  }

  /** Takes as many bytes as the buffer has room for. @returns how many, or an error. */
  write(bytes: Uint8Array): number | Failure {
    const failure = this.#takeFailure();
    if (failure !== undefined) return failure;
    if (this.#over || this.#finished) return "EPIPE";
    const room = this.#weather.sendBuffer - this.#unsent;
    const count = Math.max(0, Math.min(bytes.length, room));
    if (count === 0) return 0;
    this.#queue.push(bytes.slice(0, count));
    this.#unsent += count;
    this.#pump();
    return count;
  }

  /** Reads up to `most` bytes. Bytes that arrived before a reset can still be read. */
  read(most: number): Uint8Array | "again" | "end" | Failure {
    if (this.#unread > 0) return this.#take(most);
    return this.#takeFailure() ?? (this.#ended ? "end" : "again");
  }

  /** Finishes sending, once everything written has been sent. */
  shutdown(): void {
    this.#finished = true;
    this.#pump();
  }

  /**
   * Closes both directions. What was written is still sent, unless there is unread data:
   * then the peer gets a reset (RFC 2525, 2.17).
   *
   * @param abort Always sends a reset.
   */
  close(abort = false): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#over) return;
    if (abort || this.#unread > 0) this.#reset();
    else this.shutdown();
  }

  /** Fails the connection: nothing listens on the port. */
  refuse(): void {
    this.#fail("ECONNREFUSED");
  }

  #takeFailure(): Failure | undefined {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }

  /** Sends as much as the peer has room for. */
  #pump(): void {
    const peer = this.#peer;
    if (peer === undefined || this.#over) return;
    for (;;) {
      const window = this.#weather.receiveBuffer - peer.#unread - this.#onTheWay;
      const first = this.#queue[0];
      if (first === undefined || window <= 0) break;
      const segment = first.subarray(0, Math.min(window, this.#weather.mtu));
      if (segment.length === first.length) this.#queue.shift();
      else this.#queue[0] = first.subarray(segment.length);
      this.#onTheWay += segment.length;
      this.#wire.send(() => {
        this.#onTheWay -= segment.length;
        if (this.#over) return;
        this.#unsent -= segment.length;
        peer.#arrive(segment);
        this.onWritable();
      });
    }
    if (this.#queue.length > 0 || !this.#finished || this.#finSent) return;
    this.#finSent = true;
    this.#wire.send(() => peer.#end());
  }

  #arrive(segment: Uint8Array): void {
    if (this.#over) return;
    if (this.#closed) {
      // The program will not read it, so the answer is a reset.
      this.#reset();
    } else {
      this.#inbox.push(segment);
      this.#unread += segment.length;
      this.onReadable();
    }
  }

  #end(): void {
    if (this.#over) return;
    this.#ended = true;
    this.onReadable();
  }

  #reset(): void {
    this.#over = true;
    this.#queue.length = 0;
    const peer = this.#peer;
    if (peer) this.#wire.send(() => peer.#fail("ECONNRESET"));
  }

  #fail(failure: Failure): void {
    if (this.#over) return;
    this.#over = true;
    this.#queue.length = 0;
    this.#failure = failure;
    this.onReadable();
    this.onWritable();
  }

  #take(most: number): Uint8Array {
    const count = Math.min(most, this.#unread);
    const bytes = new Uint8Array(count);
    for (let done = 0; done < count; ) {
      const first = this.#inbox[0] as Uint8Array;
      const part = first.subarray(0, count - done);
      bytes.set(part, done);
      done += part.length;
      if (part.length === first.length) this.#inbox.shift();
      else this.#inbox[0] = first.subarray(part.length);
    }
    this.#unread -= count;
    const peer = this.#peer;
    if (peer) peer.#pump();
    return bytes;
  }
}
