// r6-reactor: the input of the client whose turn it is.
import type { TcpStream } from "../shared/poll/net.ts";
import type { Read } from "../shared/poll/sockets.ts";

const NOTHING: Buffer<ArrayBufferLike> = Buffer.alloc(0);
const [CR, LF] = [13, 10];

/**
 * One buffer for all clients of a loop. Each has it for a turn, and then keeps a copy of
 * what it has not consumed, which is usually nothing.
 *
 * ```text
 *   bytes   GET /hello/ann HTTP/1.1 ␍␊ … ␍␊ GET /hel
 *                                           │        │
 *           consumed                      from      to     room for the next read
 * ```
 */
export class Input {
  readonly bytes: Buffer;
  from = 0;
  to = 0;

  /** @param size In bytes: more than a client can leave over and then read in a turn. */
  constructor(size: number) {
    this.bytes = Buffer.alloc(size);
  }

  /** Begins a turn. @param left What the client left over in its last turn. */
  begin(left: Buffer): void {
    this.from = 0;
    this.to = left.length > 0 ? left.copy(this.bytes) : 0;
  }

  /** Ends a turn. @returns A copy of what is left over. */
  end(): Buffer {
    const { bytes, from, to } = this;
    return from < to ? Buffer.from(bytes.subarray(from, to)) : NOTHING;
  }

  get isEmpty(): boolean {
    return this.from === this.to;
  }

  /**
   * Reads more input, after what is already in the buffer.
   *
   * @param max The most bytes to read, at least 1; an empty buffer is filled regardless.
   * @returns The result of `TcpStream.read`, and whether it drained the socket.
   */
  read(stream: TcpStream, max: number): { read: Read; isDrained: boolean } {
    if (this.from > 0) this.bytes.copyWithin(0, this.from, this.to);
    this.to -= this.from;
    this.from = 0;
    // The buffer is usually empty; then it is used directly, without creating a view.
    const { bytes, to } = this;
    const room = to === 0 ? bytes : bytes.subarray(to, to + max);
    const read = stream.read(room);
    const isDrained = typeof read === "number" && read < room.length;
    if (typeof read === "number") this.to += read;
    return { read, isDrained };
  }

  /** Skips empty lines: some old clients send one after a body (RFC 9112, section 2.2). */
  skipEmptyLines(): void {
    const { bytes, to } = this;
    while (this.from + 1 < to && bytes[this.from] === CR && bytes[this.from + 1] === LF) {
      this.from += 2;
    }
  }
}
