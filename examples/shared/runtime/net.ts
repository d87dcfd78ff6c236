// Sockets as futures: accept, receive, send, connect.

import type { TcpListener, TcpStream } from "../poll/net.ts";
import type { Driver, Place } from "./driver.ts";
import { type Future, PENDING, type Poll, type Waker } from "./future.ts";

/** Takes connections; made by `Runtime.listen`. */
export class AsyncListener {
  readonly #listener: TcpListener;
  readonly #driver: Driver;
  readonly #place: Place;

  /** @param place Where the driver wakes it. */
  constructor(listener: TcpListener, driver: Driver, place: Place) {
    this.#listener = listener;
    this.#driver = driver;
    this.#place = place;
  }

  /** The port that the system has chosen, too. */
  get port(): number {
    return this.#listener.localAddress().port;
  }

  /**
   * The next connection. "full" when the system has no descriptor or no memory for it: come
   * back a little later. "closed" when the listener is.
   */
  accept(): Future<AsyncStream | "full" | "closed"> {
    const place = this.#place;
    return {
      poll: (waker) => this.#accept(waker),
      drop() {
        place.reader = undefined;
      },
    };
  }

  close(): void {
    if (this.#listener.closed) return;
    this.#listener.close();
    this.#place.leave();
  }

  #accept(waker: Waker): Poll<AsyncStream | "full" | "closed"> {
    if (this.#listener.closed) return "closed";
    this.#place.reader = waker;
    while (waker.mayGoOn()) {
      const stream = this.#listener.accept();
      if (stream === "blocked") return PENDING;
      if (stream === "full") return "full";
      // Answers are one write: to hold back the last piece of one would only be a delay.
      stream.setNoDelay(true);
      const accepted = AsyncStream.from(stream, this.#driver);
      if (accepted) return accepted;
    }
    return PENDING;
  }
}

/** A connection. One task reads from it, and one writes: perhaps the same. */
export class AsyncStream {
  readonly #stream: TcpStream;
  readonly #place: Place;

  private constructor(stream: TcpStream, place: Place) {
    this.#stream = stream;
    this.#place = place;
  }

  /** Undefined when the kernel cannot watch one more: then it is closed. */
  static from(stream: TcpStream, driver: Driver): AsyncStream | undefined {
    const place = driver.watch(stream);
    if (place) return new AsyncStream(stream, place);
    stream.close();
    return undefined;
  }

  get closed(): boolean {
    return this.#stream.closed;
  }

  /** Undefined when the connection is made; why it could not be. */
  connected(): Future<Error | undefined> {
    return {
      poll: (waker) => {
        if (this.closed) return new Error("Cannot connect: the socket is closed");
        // The event may have come before anybody waited for it.
        if (!this.#place.isSettled) {
          this.#place.writer = waker;
          return PENDING;
        }
        this.#place.writer = undefined;
        return this.#stream.takeError();
      },
      drop: () => {
        this.#place.writer = undefined;
      },
    };
  }

  /** What has come, as far as there is room: how many bytes, at least 1. Cancel safe. */
  recv(into: Uint8Array): Future<number | "end" | "reset"> {
    return new Recv(this, into);
  }

  /**
   * Sends all of it. When it is dropped, a part may have been sent.
   *
   * @param moved Called with each number of bytes that the kernel has taken.
   */
  send(bytes: Uint8Array, moved?: (count: number) => void): Future<"sent" | "reset"> {
    let left = bytes;
    return {
      poll: (waker) => {
        while (left.length > 0) {
          const count = this.pollSend(left, waker);
          if (typeof count !== "number") return count;
          moved?.(count);
          left = left.subarray(count);
        }
        return "sent";
      },
      drop: () => {
        this.#place.writer = undefined;
      },
    };
  }

  /** Waits until nothing that we write arrives any more: the client has reset, or both ended. */
  gone(): Future<void> {
    return {
      poll: (waker) => this.pollGone(waker),
      drop: () => {
        this.#place.mourner = undefined;
      },
    };
  }

  /** For futures that are made by hand: reads, or keeps the waker. */
  pollRecv(into: Uint8Array, waker: Waker): Poll<number | "end" | "reset"> {
    if (this.closed) return "reset";
    this.#place.reader = waker;
    if (this.#place.isDrained || !waker.mayGoOn()) return PENDING;
    const count = this.#stream.read(into);
    if (count === "blocked") return PENDING;
    this.#place.reader = undefined;
    if (typeof count !== "number") return count;
    waker.spend(count >> 10);
    // Less than there was room for is all that there was. What comes later is a new event.
    this.#place.isDrained = count < into.length && !this.#place.isFinished;
    return count;
  }

  /** Sends what the kernel takes now, and waits for nothing. */
  trySend(bytes: Uint8Array): number | "blocked" | "reset" {
    return this.closed ? "reset" : this.#stream.write(bytes);
  }

  /** Where the other end is; undefined when the connection is gone. */
  peerAddress(): string | undefined {
    return this.closed ? undefined : this.#stream.peerAddress()?.host;
  }

  /** After so many silent seconds the kernel asks whether the peer is there. */
  setKeepAlive(seconds: number): void {
    if (!this.closed) this.#stream.setKeepAlive(seconds);
  }

  /** Nobody waits to read any more. */
  dropRecv(): void {
    this.#place.reader = undefined;
  }

  /** The same for writing: first it is tried, and only after "blocked" waited for. */
  pollSend(bytes: Uint8Array, waker: Waker): Poll<number | "reset"> {
    if (this.closed) return "reset";
    this.#place.writer = waker;
    if (!waker.mayGoOn()) return PENDING;
    const count = this.#stream.write(bytes);
    if (count === "blocked") return PENDING;
    this.#place.writer = undefined;
    return count;
  }

  /** The same for `gone`. */
  pollGone(waker: Waker): Poll<void> {
    if (this.closed || this.#place.isGone) return undefined;
    this.#place.mourner = waker;
    return PENDING;
  }

  /** Takes the wakers away: nobody waits for it any more. */
  forget(): void {
    this.#place.reader = undefined;
    this.#place.writer = undefined;
    this.#place.mourner = undefined;
  }

  /** Finishes sending; receiving goes on. */
  shutdown(): void {
    if (!this.closed) this.#stream.shutdown();
  }

  close(): void {
    if (this.closed) return;
    this.#stream.close();
    this.#place.leave();
  }

  /** Ends it at once: the peer sees a reset, and loses what was on its way. */
  reset(): void {
    if (this.closed) return;
    this.#stream.reset();
    this.#place.leave();
  }
}

/** Most of the time of most connections one of these is all that waits: it has no closures. */
class Recv implements Future<number | "end" | "reset"> {
  readonly #stream: AsyncStream;
  readonly #into: Uint8Array;

  constructor(stream: AsyncStream, into: Uint8Array) {
    this.#stream = stream;
    this.#into = into;
  }

  poll(waker: Waker): Poll<number | "end" | "reset"> {
    return this.#stream.pollRecv(this.#into, waker);
  }

  drop(): void {
    this.#stream.dropRecv();
  }
}
