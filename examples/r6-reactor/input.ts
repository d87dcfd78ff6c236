// r6-reactor: the bytes of the client whose turn it is.
import type { TcpStream } from "../shared/poll/net.ts";
import type { Read } from "../shared/poll/sockets.ts";

const NOTHING: Buffer<ArrayBufferLike> = Buffer.alloc(0);
const [CR, LF] = [13, 10];

/**
 * One buffer for all clients of a loop: each has it for a turn, and takes along what it has not
 * used. Most use all.
 *
 * ```text
 *   bytes   GET /hello/ann HTTP/1.1 ␍␊ … ␍␊ GET /hel
 *                                           │        │
 *           used                          from      to     room for the next read
 * ```
 */
export class Input {
  readonly bytes: Buffer;
  from = 0;
  to = 0;

  /** @param size More than a client can leave over and read in a turn, in bytes. */
  constructor(size: number) {
    this.bytes = Buffer.alloc(size);
  }

  /** Begins a turn. @param left What the client has left over from its last one. */
  begin(left: Buffer): void {
    this.from = 0;
    this.to = left.length > 0 ? left.copy(this.bytes) : 0;
  }

  /** Ends a turn. @returns What is left over. */
  end(): Buffer {
    const { bytes, from, to } = this;
    return from < to ? Buffer.from(bytes.subarray(from, to)) : NOTHING;
  }

  get isEmpty(): boolean {
    return this.from === this.to;
  }

  /**
   * Reads behind what is there.
   *
   * @param most How many bytes, at least 1.
   * @returns As `TcpStream.read`; and whether that was all that there was.
   */
  read(stream: TcpStream, most: number): { read: Read; isAll: boolean } {
    if (this.from > 0) this.bytes.copyWithin(0, this.from, this.to);
    this.to -= this.from;
    this.from = 0;
    // Mostly nothing is there, and it is the whole buffer: no view of it needs to be made.
    const { bytes, to } = this;
    const room = to === 0 ? bytes : bytes.subarray(to, to + most);
    const read = stream.read(room);
    const isAll = typeof read === "number" && read < room.length;
    if (typeof read === "number") this.to += read;
    return { read, isAll };
  }

  /** Some old clients send an empty line after a body: it is no request (RFC 9112, section 2.2). */
  skipEmptyLines(): void {
    const { bytes, to } = this;
    while (this.from + 1 < to && bytes[this.from] === CR && bytes[this.from + 1] === LF) {
      this.from += 2;
    }
  }
}
