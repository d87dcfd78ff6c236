// The bytes queued for one client, in order, and for how long it has taken none of them.
import { type Future, PENDING, type Poll, type Waker } from "./future.ts";
import type { AsyncStream } from "./net.ts";
import { Waiters } from "./waiters.ts";

/** The most bytes sent by one call, unless a single piece is larger. */
export const CHUNK = 128 * 1024;

/**
 * Sends what the kernel takes at once, and queues a copy of the rest. Only then does a task
 * wait for room; a client that keeps up costs no task.
 *
 * ```text
 *   write ─► kernel takes all: done
 *        └─► #waiting [b3 b2 b1] ─► a task: room? ─► kernel ─► all sent: onReady
 * ```
 */
export class Outbox {
  readonly #stream: AsyncStream;
  readonly #limit: number;
  readonly #spawn: (future: Future<void>) => unknown;
  readonly #onReady: () => void;
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #ended = false;
  #lost = false;
  readonly #waiters = new Waiters();
  /** How many bytes the kernel has taken: by now, and when `stuckFor` last saw a change. */
  #sent = 0;
  #taken = -1;
  #takenAt = 0;

  /**
   * @param limit The most queued bytes before `fits` waits.
   * @param spawn Starts a task.
   * @param onReady Called when all queued bytes have been sent.
   */
  constructor(
    stream: AsyncStream,
    limit: number,
    spawn: (future: Future<void>) => unknown,
    onReady: () => void,
  ) {
    this.#stream = stream;
    this.#limit = limit;
    this.#spawn = spawn;
    this.#onReady = onReady;
  }

  /** Whether nothing is queued, so that a write goes to the kernel at once. */
  get ready(): boolean {
    return this.#bytes === 0 && !this.#ended && !this.#lost;
  }

  /** Whether it was ended, so that writes are ignored. */
  get ended(): boolean {
    return this.#ended;
  }

  /** How many bytes are queued. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Sends bytes, after all earlier ones. The caller may change them after the call. */
  write(bytes: Uint8Array): void {
    if (this.#ended || this.#lost || bytes.length === 0) return;
    if (this.#bytes > 0) {
      this.#keep(bytes);
      return;
    }
    const count = this.#stream.trySend(bytes);
    if (count === "reset") this.#markLost();
    else if (count === "blocked") this.#begin(bytes);
    else {
      this.#sent += count;
      if (count < bytes.length) this.#begin(bytes.subarray(count));
    }
  }

  /** Whether `length` more bytes are within the limit now. */
  hasRoom(length: number): boolean {
    return this.#bytes === 0 || this.#bytes + length <= this.#limit || this.#lost;
  }

  /** Waits until `length` more bytes are within the limit, or the connection is lost. */
  fits(length: number): Future<void> {
    return this.#waiters.until(() => this.hasRoom(length));
  }

  /** Waits until nothing is queued, or the connection is lost. */
  drained(): Future<void> {
    return this.#waiters.until(() => this.#bytes === 0);
  }

  /** Half-closes the connection once all queued bytes are sent. Idempotent. */
  end(last?: Uint8Array): void {
    if (this.#ended) return;
    if (last) this.write(last);
    this.#ended = true;
    if (this.#bytes === 0) this.#stream.shutdown();
  }

  /**
   * How long the client has taken nothing although bytes are queued, or has not closed
   * although we have; 0 when nothing is queued. Call it regularly: it compares with the
   * previous call.
   *
   * @param now The time, in milliseconds.
   */
  stuckFor(now: number): number {
    const waits = this.#bytes > 0 || this.#ended;
    if (!waits || this.#sent !== this.#taken) {
      this.#taken = this.#sent;
      this.#takenAt = now;
    }
    return now - this.#takenAt;
  }

  #keep(bytes: Uint8Array): void {
    this.#waiting.push(Uint8Array.prototype.slice.call(bytes));
    this.#bytes += bytes.length;
  }

  /** The kernel's buffer is full: starts a task that sends the rest. */
  #begin(bytes: Uint8Array): void {
    this.#keep(bytes);
    this.#spawn({ poll: (waker) => this.#send(waker), drop() {} });
  }

  #send(waker: Waker): Poll<void> {
    while (!this.#lost) {
      const [first] = this.#waiting;
      if (first === undefined) {
        if (this.#ended) this.#stream.shutdown();
        else this.#onReady();
        this.#waiters.wakeAll();
        return undefined;
      }
      const count = this.#stream.pollSend(first, waker);
      if (count === PENDING) return PENDING;
      if (count === "reset") break;
      this.#sent += count;
      this.#bytes -= count;
      if (count < first.length) this.#waiting[0] = first.subarray(count);
      else this.#waiting.shift();
      this.#waiters.wakeAll();
    }
    this.#markLost();
    return undefined;
  }

  #markLost(): void {
    this.#lost = true;
    this.#waiting = [];
    this.#bytes = 0;
    this.#waiters.wakeAll();
  }
}
