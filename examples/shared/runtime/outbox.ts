// What waits to be sent to one client, in order, and how long it has taken nothing.
import { type Future, PENDING, type Poll, type Waker } from "./future.ts";
import type { AsyncStream } from "./net.ts";

/** The most bytes that are sent by one call, unless a single piece has more. */
export const CHUNK = 128 * 1024;

/**
 * Sends at once what the kernel takes, and keeps a copy of the rest. Only then is there a task
 * that waits for room; a client that keeps up costs none.
 *
 * ```text
 *   write ─► kernel takes all: done
 *        └─► #waiting [b3 b2 b1] ─► a task: room? ─► kernel ─► all gone: onReady
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
  #wakers: Waker[] = [];
  /** How many bytes the kernel has taken: now, and when we last looked. */
  #sent = 0;
  #taken = -1;
  #takenAt = 0;

  /**
   * @param limit The most bytes that wait before `fits` waits.
   * @param spawn Begins a task.
   * @param onReady Called when all has been taken that had to wait.
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

  /** Nothing waits: what is written now goes to the kernel at once. */
  get ready(): boolean {
    return this.#bytes === 0 && !this.#ended && !this.#lost;
  }

  /** It was ended: nothing that is written now will go out. */
  get ended(): boolean {
    return this.#ended;
  }

  /** How many bytes wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Sends after all that was written before. The bytes may change after the call. */
  write(bytes: Uint8Array): void {
    if (this.#ended || this.#lost || bytes.length === 0) return;
    if (this.#bytes > 0) {
      this.#keep(bytes);
      return;
    }
    const count = this.#stream.trySend(bytes);
    if (count === "reset") this.#loses();
    else if (count === "blocked") this.#begin(bytes);
    else {
      this.#sent += count;
      if (count < bytes.length) this.#begin(bytes.subarray(count));
    }
  }

  /** Whether so many bytes more are within the limit now. */
  hasRoom(length: number): boolean {
    return this.#bytes === 0 || this.#bytes + length <= this.#limit || this.#lost;
  }

  /** Waits until so many bytes more are within the limit, or the connection is lost. */
  fits(length: number): Future<void> {
    return this.#until(() => this.hasRoom(length));
  }

  /** Waits until nothing waits any more, or the connection is lost. */
  drained(): Future<void> {
    return this.#until(() => this.#bytes === 0);
  }

  /** Ends our half of the connection, after all that waits. Twice is once. */
  end(last?: Uint8Array): void {
    if (this.#ended) return;
    if (last) this.write(last);
    this.#ended = true;
    if (this.#bytes === 0) this.#stream.shutdown();
  }

  /**
   * For how long the client has taken nothing although something waits for it, or has not
   * closed although we have; 0 when nothing waits. To be asked again and again: it compares with
   * the last time.
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

  /** The kernel's buffer is full: from now on a task sends. */
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
        this.#wake();
        return undefined;
      }
      const count = this.#stream.pollSend(first, waker);
      if (count === PENDING) return PENDING;
      if (count === "reset") break;
      this.#sent += count;
      this.#bytes -= count;
      if (count < first.length) this.#waiting[0] = first.subarray(count);
      else this.#waiting.shift();
      this.#wake();
    }
    this.#loses();
    return undefined;
  }

  #loses(): void {
    this.#lost = true;
    this.#waiting = [];
    this.#bytes = 0;
    this.#wake();
  }

  #until(isSo: () => boolean): Future<void> {
    return {
      poll: (waker) => {
        if (isSo()) return undefined;
        this.#wakers.push(waker);
        return PENDING;
      },
      drop() {},
    };
  }

  #wake(): void {
    const wakers = this.#wakers;
    this.#wakers = [];
    for (const waker of wakers) waker.wake();
  }
}
