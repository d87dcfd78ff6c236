// r7-ioserver: a program thread's view of a socket: a port, and two buffers.
import { Port } from "../shared/threads/port.ts";
import { PIECE, piecesAt, portAt, type SharedMemory } from "./memory.ts";

// #region messages
/** Messages from the I/O thread. A number above 0 is how many bytes have arrived. */
export const RESULTS = { sent: 0, end: -1, reset: -2 } as const;
/** Messages to the I/O thread. A number above 0 is how many bytes to send. */
export const REQUESTS = { more: 0, finish: -1, reset: -2 } as const;
// #endregion messages

/** What has happened to a socket. Received bytes are valid until `more`. */
type Result = Buffer | "sent" | "end" | "reset" | "empty";

/**
 * A channel of bytes. Each buffer belongs to one thread at a time, and a message hands it
 * to the other:
 *
 * ```text
 *   I/O thread                  program thread
 *   recv ─► received ── 512 ──► tryRecv: 512 bytes
 *                    ◄─ more ── more: it has consumed them
 *   send ◄─ toSend   ◄── 180 ── trySend, flush
 *                    ─ sent ──► there is room again
 * ```
 *
 * A side that does not reply is sent nothing more, except one `finish` and one `reset`. So
 * at most four messages are in flight in one direction, and the rings are never too small.
 */
export class SocketPort {
  readonly number: number;
  readonly #port: Port;
  readonly #received: Buffer;
  readonly #toSend: Buffer;
  /** How many bytes in `toSend` have not been flushed to the I/O thread. */
  #filled = 0;
  #isRequested = false;
  #isSending = false;

  /** @param notify Notifies the I/O thread that this port has a message for it. */
  constructor(memory: SharedMemory, number: number, notify: (number: number) => void) {
    this.number = number;
    this.#port = new Port(portAt(memory, number), 1, () => notify(number));
    const { received, toSend } = piecesAt(memory, number);
    this.#received = received;
    this.#toSend = toSend;
  }

  /** Whether there are bytes that the kernel has not accepted yet. */
  get isSending(): boolean {
    return this.#isSending || this.#filled > 0;
  }

  /** Returns the next message about the socket, or "empty". */
  tryRecv(): Result {
    const word = this.#port.tryRecv();
    if (word === "empty") return word;
    if (word === RESULTS.end) return "end";
    if (word === "closed" || word === RESULTS.reset) return "reset";
    if (word === RESULTS.sent) {
      this.#isSending = false;
      return "sent";
    }
    this.#isRequested = false;
    return this.#received.subarray(0, word);
  }

  /** Releases the bytes received last, and asks for more. Idempotent. */
  more(): void {
    if (this.#isRequested) return;
    this.#isRequested = true;
    this.#say(REQUESTS.more);
  }

  /** Buffers bytes. @returns How many; 0 if there is no room until "sent". */
  trySend(bytes: Uint8Array): number {
    if (this.#isSending) return 0;
    const count = Math.min(bytes.length, PIECE - this.#filled);
    this.#toSend.set(
      count < bytes.length ? bytes.subarray(0, count) : bytes,
      this.#filled,
    );
    this.#filled += count;
    return count;
  }

  /** Sends all buffered bytes with one message. */
  flush(): void {
    if (this.#filled === 0) return;
    this.#isSending = true;
    this.#say(this.#filled);
    this.#filled = 0;
  }

  /** Half-closes, after sending what is buffered. */
  finish(): void {
    this.flush();
    this.#say(REQUESTS.finish);
  }

  /** Closes the socket. Unsent bytes are lost. */
  close(): void {
    this.#port.close();
  }

  /** Closes the socket with a reset, which also discards bytes in flight. */
  reset(): void {
    this.#say(REQUESTS.reset);
    this.close();
  }

  #say(word: number): void {
    if (this.#port.trySend(word) === "full")
      throw new Error(`Cannot send to port ${this.number}: its ring is full`);
  }
}
