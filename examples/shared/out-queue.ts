// The bytes queued for one client, in order, and for how long it has taken none of them.
import type { Socket } from "node:net";

/** The most bytes that are joined for one write, unless a single buffer is larger. */
export const CHUNK = 64 * 1024;

/**
 * Writes as much to a socket as the system takes, and queues the rest. Queued buffers are
 * not copied: one that waits for many clients is in memory once.
 *
 * ```text
 *   write ──▶ #waiting [b3 b2 b1] ──CHUNK──▶ socket ──▶ the system's buffer ──▶ the client
 *                                    'drain' ◀──┘ once the system has taken all of it
 * ```
 */
export class OutQueue {
  readonly #socket: Socket;
  readonly #limit: number;
  readonly #onReady: () => void;
  #waiting: Buffer[] = [];
  #bytes = 0;
  /** The system's buffer is full: `drain` will follow. */
  #full = false;
  #ended = false;
  #wakers: (() => void)[] = [];
  /** How many bytes the system had taken when we last looked, and when that changed. */
  #taken = -1;
  #takenAt = 0;

  /**
   * @param limit The most queued bytes before `fits` waits: 1 or more.
   * @param onReady Called when all queued bytes have been taken.
   */
  constructor(socket: Socket, limit: number, onReady: () => void) {
    this.#socket = socket;
    this.#limit = limit;
    this.#onReady = onReady;
    socket.on("drain", () => this.#drained());
    socket.on("close", () => this.#closed());
  }

  /** Whether nothing is queued, so that a write goes to the system at once. */
  get ready(): boolean {
    return !this.#full && !this.#ended && !this.#socket.destroyed;
  }

  /** Whether it was ended, so that writes are ignored. */
  get ended(): boolean {
    return this.#ended;
  }

  /** How many bytes are queued: here, and in the socket. */
  get bytes(): number {
    return this.#bytes + this.#socket.writableLength;
  }

  /** Writes bytes, after all earlier ones. Does nothing after `end`. */
  write(bytes: Buffer | string): void {
    if (this.#ended || this.#socket.destroyed) return;
    if (!this.#full) {
      this.#send(bytes);
      return;
    }
    const buffer = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
    this.#waiting.push(buffer);
    this.#bytes += buffer.length;
  }

  /**
   * Waits until `length` more bytes are within the limit, or the socket takes more: it may
   * hold more than the limit itself, and reports by `drain` only that it was full.
   *
   * @throws {Error} When the socket closes before that.
   */
  async fits(length: number): Promise<void> {
    while (this.#full && this.bytes + length > this.#limit) {
      if (this.#socket.destroyed) throw new Error("Cannot write: closed");
      await new Promise<void>((resolve) => this.#wakers.push(resolve));
    }
  }

  /** Half-closes the connection once all queued bytes are written. Idempotent. */
  end(last = ""): void {
    if (this.#ended) return;
    if (last !== "") this.write(last);
    this.#ended = true;
    if (this.#waiting.length === 0) this.#socket.end();
  }

  /**
   * How long the client has taken nothing although bytes are queued, or has not closed
   * although we have; 0 when nothing is queued. Call it regularly: it compares with the
   * previous call.
   *
   * @param now The time, in milliseconds.
   * @returns Milliseconds, as exact as the calls are frequent.
   */
  stuckFor(now: number): number {
    const { bytesWritten, writableLength } = this.#socket;
    const waits = writableLength > 0 || this.#waiting.length > 0 || this.#ended;
    // Within a piece that is larger than the system's buffer, no progress is visible.
    const taken = bytesWritten - writableLength;
    if (!waits || taken !== this.#taken) {
      this.#taken = taken;
      this.#takenAt = now;
    }
    return now - this.#takenAt;
  }

  #send(bytes: Buffer | string): void {
    try {
      // False with nothing left to write: the system has taken more than expected.
      this.#full = !this.#socket.write(bytes) && this.#socket.writableLength > 0;
    } catch (error) {
      this.#socket.destroy(error as Error);
    }
  }

  #drained(): void {
    this.#full = false;
    while (!this.#full && this.#waiting.length > 0) this.#send(this.#nextChunk());
    if (this.#waiting.length === 0) {
      if (this.#ended) this.#socket.end();
      else if (!this.#full) this.#onReady();
    }
    this.#wake();
  }

  #nextChunk(): Buffer {
    let count = 0;
    let length = 0;
    for (const buffer of this.#waiting) {
      if (count > 0 && length + buffer.length > CHUNK) break;
      count += 1;
      length += buffer.length;
    }
    this.#bytes -= length;
    return Buffer.concat(this.#waiting.splice(0, count), length);
  }

  #closed(): void {
    this.#waiting = [];
    this.#bytes = 0;
    this.#wake();
  }

  #wake(): void {
    const wakers = this.#wakers;
    this.#wakers = [];
    for (const wake of wakers) wake();
  }
}
