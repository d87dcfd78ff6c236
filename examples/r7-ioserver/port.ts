// r7-ioserver: a socket, as a program thread has it: a port, and two pieces of memory.
import { Port } from "../shared/threads/port.ts";
import { PIECE, piecesAt, portAt, type SharedMemory } from "./memory.ts";

// #region messages
/** What the I/O thread says. A number above 0: so many bytes have come. */
export const SAYS = { sent: 0, end: -1, reset: -2 } as const;
/** What it is asked for. A number above 0: to send so many bytes. */
export const ASKS = { more: 0, finish: -1, reset: -2 } as const;
// #endregion messages

/** What has happened to a socket; bytes are the port's until `more`. */
type Said = Buffer | "sent" | "end" | "reset" | "empty";

/**
 * A channel of bytes. Each piece of memory belongs to one thread at a time, and goes to the other
 * with a message:
 *
 * ```text
 *   I/O thread                  program thread
 *   recv ─► come     ── 512 ──► tryRecv: 512 bytes
 *                    ◄─ more ── more: it has used them
 *   send ◄─ toSend   ◄── 180 ── trySend, flush
 *                    ─ sent ──► there is room again
 * ```
 *
 * So no more than two messages are under way in each direction, and the rings are never full: who
 * does not answer gets nothing more.
 */
export class SocketPort {
  readonly number: number;
  readonly #port: Port;
  readonly #come: Buffer;
  readonly #toSend: Buffer;
  /** Bytes in `toSend` that the I/O thread does not know of. */
  #filled = 0;
  #isAsked = false;
  #isSending = false;

  /** @param ask Tells the I/O thread that this port has something for it. */
  constructor(memory: SharedMemory, number: number, ask: (number: number) => void) {
    this.number = number;
    this.#port = new Port(portAt(memory, number), 1, () => ask(number));
    const { come, toSend } = piecesAt(memory, number);
    this.#come = come;
    this.#toSend = toSend;
  }

  /** Whether there are bytes that the kernel has not taken yet. */
  get isSending(): boolean {
    return this.#isSending || this.#filled > 0;
  }

  /** What has happened since; "empty" when no more has. */
  tryRecv(): Said {
    const word = this.#port.tryRecv();
    if (word === "empty") return word;
    if (word === SAYS.end) return "end";
    if (word === "closed" || word === SAYS.reset) return "reset";
    if (word === SAYS.sent) {
      this.#isSending = false;
      return "sent";
    }
    this.#isAsked = false;
    return this.#come.subarray(0, word);
  }

  /** Gives the bytes that have come back, and asks for more. Twice is once. */
  more(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    this.#say(ASKS.more);
  }

  /** @returns How many bytes were taken; 0 when there is no room: "sent" says when there is. */
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

  /** Hands over what was taken: one message for all of it. */
  flush(): void {
    if (this.#filled === 0) return;
    this.#isSending = true;
    this.#say(this.#filled);
    this.#filled = 0;
  }

  /** Says that no more will be sent, after what was. */
  finish(): void {
    this.flush();
    this.#say(ASKS.finish);
  }

  /** Ends it. What was not sent is lost. */
  close(): void {
    this.#port.close();
  }

  /** The same; and what is on its way does not arrive, either. */
  reset(): void {
    this.#say(ASKS.reset);
    this.close();
  }

  #say(word: number): void {
    if (this.#port.trySend(word) === "full")
      throw new Error(`Cannot ask anything of port ${this.number}: its ring is full`);
  }
}
