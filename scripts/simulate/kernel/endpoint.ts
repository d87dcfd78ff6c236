// One end of a simulated TCP connection, as its system keeps it.
import type { Weather } from "./weather.ts";
import type { Wire } from "./wire.ts";

/** The error of a call: the name that the system gives it. */
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
  /** Something came to read, or the end, or an error. */
  onReadable = () => {};
  /** There is room to write again, or an error. */
  onWritable = () => {};
  /** The bytes that came and were not read, in the pieces in which they came. */
  readonly #inbox: Uint8Array[] = [];
  readonly #queue: Uint8Array[] = [];
  readonly #weather: Weather;
  readonly #wire: Wire;
  #peer: Endpoint | undefined;
  #unread = 0;
  /** Bytes that the peer's system has not got: in the queue, or on their way. */
  #unsent = 0;
  #onTheWay = 0;
  /** We have finished sending; the FIN went out. */
  #finished = false;
  #finSent = false;
  /** The peer has finished sending. */
  #ended = false;
  /** A reset was sent or has come: nothing goes either way. */
  #over = false;
  #closed = false;
  /** An error that no call has reported. */
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

  /** Makes a connection of two ends: the client's, which may be closed by now, and the server's. */
  static join(a: Endpoint, b: Endpoint): void {
    a.#peer = b;
    b.#peer = a;
    // One that was closed meanwhile says so.
    if (a.#over) a.#reset();
    else a.#pump();
  }

  /** Whether `read` has something to say. */
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

  /** What has come, at most so many bytes. What came before a reset can still be read. */
  read(most: number): Uint8Array | "again" | "end" | Failure {
    if (this.#unread > 0) return this.#take(most);
    return this.#takeFailure() ?? (this.#ended ? "end" : "again");
  }

  /** Finishes sending, after all that was written. */
  shutdown(): void {
    this.#finished = true;
    this.#pump();
  }

  /**
   * Closes both directions. What was written is still sent; but when there is something
   * unread, the peer gets a reset (RFC 2525, 2.17).
   *
   * @param abort A reset in any case.
   */
  close(abort = false): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#over) return;
    if (abort || this.#unread > 0) this.#reset();
    else this.shutdown();
  }

  /** Nothing listens there. */
  refuse(): void {
    this.#fail("ECONNREFUSED");
  }

  #takeFailure(): Failure | undefined {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }

  /** Sends what the peer has room for. */
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
      // Nobody will read it: the answer is a reset.
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
