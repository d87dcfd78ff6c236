// Sockets as futures: accept, receive, send, connect.

import type { TcpListener, TcpStream } from "../poll/net.ts";
import type { Driver, Registration } from "./driver.ts";
import { type Future, PENDING, type Poll, type Waker } from "./future.ts";

/** Accepts connections; made by `Runtime.listen`. */
export class AsyncListener {
  readonly #listener: TcpListener;
  readonly #driver: Driver;
  readonly #registration: Registration;

  /** @param registration The listener's registration in the driver. */
  constructor(listener: TcpListener, driver: Driver, registration: Registration) {
    this.#listener = listener;
    this.#driver = driver;
    this.#registration = registration;
  }

  /** The port that it listens on, including one that the system has chosen. */
  get port(): number {
    return this.#listener.localAddress().port;
  }

  /**
   * Accepts the next connection. "full" when the system has no descriptor or no memory for
   * it: try again a little later. "closed" when the listener is closed.
   */
  accept(): Future<AsyncStream | "full" | "closed"> {
    return waiting(
      (waker) => this.#accept(waker),
      () => {
        this.#registration.reader = undefined;
      },
    );
  }

  close(): void {
    if (this.#listener.closed) return;
    this.#listener.close();
    this.#registration.release();
  }

  #accept(waker: Waker): Poll<AsyncStream | "full" | "closed"> {
    if (this.#listener.closed) return "closed";
    this.#registration.reader = waker;
    while (waker.consumeBudget()) {
      const stream = this.#listener.accept();
      if (stream === "blocked") return PENDING;
      if (stream === "full") return "full";
      // Each answer is one write, so Nagle's algorithm would only delay its last segment.
      stream.setNoDelay(true);
      const accepted = AsyncStream.from(stream, this.#driver);
      if (accepted) return accepted;
    }
    return PENDING;
  }
}

/**
 * A connection. One future at a time may read from it, one may write to it, and one may wait
 * in `writeClosed`: the registration has a single place for the waker of each.
 */
export class AsyncStream {
  readonly #stream: TcpStream;
  readonly #registration: Registration;

  private constructor(stream: TcpStream, registration: Registration) {
    this.#stream = stream;
    this.#registration = registration;
  }

  /**
   * Watches a stream.
   *
   * @returns Undefined, with the stream closed, when the kernel cannot watch one more.
   */
  static from(stream: TcpStream, driver: Driver): AsyncStream | undefined {
    const registration = driver.watch(stream);
    if (registration) return new AsyncStream(stream, registration);
    stream.close();
    return undefined;
  }

  get closed(): boolean {
    return this.#stream.closed;
  }

  /** Waits for the connection. @returns Undefined once it is made, or why it failed. */
  connected(): Future<Error | undefined> {
    return waiting(
      (waker) => {
        if (this.closed) return new Error("Cannot connect: the socket is closed");
        // The event may have come before any task waited for it.
        if (!this.#registration.isSettled) {
          this.#registration.writer = waker;
          return PENDING;
        }
        this.#registration.writer = undefined;
        return this.#stream.takeError();
      },
      () => {
        this.#registration.writer = undefined;
      },
    );
  }

  /** Receives into a buffer. @returns The number of bytes, 1 or more. Cancel safe. */
  recv(into: Uint8Array): Future<number | "end" | "reset"> {
    return new Recv(this, into);
  }

  /**
   * Sends all of the bytes. If the future is dropped, a part may have been sent.
   *
   * @param onProgress Called with the number of bytes whenever the kernel has taken some.
   */
  send(
    bytes: Uint8Array,
    onProgress?: (count: number) => void,
  ): Future<"sent" | "reset"> {
    let left = bytes;
    return waiting(
      (waker) => {
        while (left.length > 0) {
          const count = this.pollSend(left, waker);
          if (typeof count !== "number") return count;
          onProgress?.(count);
          left = left.subarray(count);
        }
        return "sent";
      },
      () => {
        this.#registration.writer = undefined;
      },
    );
  }

  /** Waits until no write can reach the peer: it has reset, or both sides have finished. */
  writeClosed(): Future<void> {
    return waiting(
      (waker) => this.pollWriteClosed(waker),
      () => {
        this.#registration.closeWaiter = undefined;
      },
    );
  }

  /** For futures written by hand: reads, or stores the waker. */
  pollRecv(into: Uint8Array, waker: Waker): Poll<number | "end" | "reset"> {
    if (this.closed) return "reset";
    this.#registration.reader = waker;
    if (this.#registration.isDrained || !waker.consumeBudget()) return PENDING;
    const count = this.#stream.read(into);
    if (count === "blocked") return PENDING;
    this.#registration.reader = undefined;
    if (typeof count !== "number") return count;
    waker.spend(count >> 10);
    // A short read has drained the socket; later bytes raise a new event.
    this.#registration.isDrained =
      count < into.length && !this.#registration.isReadClosed;
    return count;
  }

  /** Sends what the kernel takes now, without waiting. */
  trySend(bytes: Uint8Array): number | "blocked" | "reset" {
    return this.closed ? "reset" : this.#stream.write(bytes);
  }

  /** The peer's address; undefined when the connection is closed or lost. */
  peerAddress(): string | undefined {
    return this.closed ? undefined : this.#stream.peerAddress()?.host;
  }

  /** Makes the kernel probe the peer after this many seconds of silence. */
  setKeepAlive(seconds: number): void {
    if (!this.closed) this.#stream.setKeepAlive(seconds);
  }

  /** Makes the kernel take only about this many bytes more than it can send now. */
  setUnsentLimit(bytes: number): void {
    if (!this.closed) this.#stream.setUnsentLimit(bytes);
  }

  /** Removes the waker of the task that reads. */
  dropRecv(): void {
    this.#registration.reader = undefined;
  }

  /** For futures written by hand: tries to write, and waits only if that would block. */
  pollSend(bytes: Uint8Array, waker: Waker): Poll<number | "reset"> {
    if (this.closed) return "reset";
    this.#registration.writer = waker;
    if (!waker.consumeBudget()) return PENDING;
    const count = this.#stream.write(bytes);
    if (count === "blocked") return PENDING;
    this.#registration.writer = undefined;
    return count;
  }

  /** For futures written by hand: `writeClosed` as a poll. */
  pollWriteClosed(waker: Waker): Poll<void> {
    if (this.closed || this.#registration.isWriteClosed) return undefined;
    this.#registration.closeWaiter = waker;
    return PENDING;
  }

  /** Removes all wakers: no task waits for the stream any more. */
  forget(): void {
    this.#registration.reader = undefined;
    this.#registration.writer = undefined;
    this.#registration.closeWaiter = undefined;
  }

  /** Half-closes the connection: ends sending, while receiving continues. */
  shutdown(): void {
    if (!this.closed) this.#stream.shutdown();
  }

  close(): void {
    if (this.closed) return;
    this.#stream.close();
    this.#registration.release();
  }

  /** Closes it at once: the peer sees a reset, and data in flight is lost. */
  reset(): void {
    if (this.closed) return;
    this.#stream.reset();
    this.#registration.release();
  }
}

/** Most connections wait in one of these most of the time, so it has no closures. */
class Recv implements Future<number | "end" | "reset"> {
  readonly #stream: AsyncStream;
  readonly #into: Uint8Array;
  #isWaiting = false;

  constructor(stream: AsyncStream, into: Uint8Array) {
    this.#stream = stream;
    this.#into = into;
  }

  poll(waker: Waker): Poll<number | "end" | "reset"> {
    const count = this.#stream.pollRecv(this.#into, waker);
    this.#isWaiting = count === PENDING;
    return count;
  }

  drop(): void {
    if (this.#isWaiting) this.#stream.dropRecv();
    this.#isWaiting = false;
  }
}

/**
 * Makes a future that waits with a socket. A drop calls `leave` only while it waits: before
 * that and after the end, the place may be another future's.
 */
function waiting<Value>(
  poll: (waker: Waker) => Poll<Value>,
  leave: () => void,
): Future<Value> {
  let isWaiting = false;
  return {
    poll(waker) {
      const value = poll(waker);
      isWaiting = value === PENDING;
      return value;
    },
    drop() {
      if (isWaiting) leave();
      isWaiting = false;
    },
  };
}
