// One end of a connection that sends a known megabyte, and checks the one that it receives.
import type { TcpStream } from "../../../examples/shared/poll/net.ts";
import { Broken } from "./case.ts";

const SIZE = 1 << 20;
const PIECE = 50_000;

/** The byte at this offset of the megabyte. */
const byteAt = (offset: number) => (offset * 31 + (offset >> 8)) & 0xff;

export class Half {
  readonly stream: TcpStream;
  readonly #into = new Uint8Array(PIECE);
  readonly #out = new Uint8Array(PIECE);
  #sent = 0;
  #received = 0;

  constructor(stream: TcpStream) {
    this.stream = stream;
  }

  get wantsToWrite(): boolean {
    return this.#sent < SIZE;
  }

  get done(): boolean {
    return !this.wantsToWrite && this.#received === SIZE;
  }

  /** Writes until the kernel takes no more. */
  write(): void {
    while (this.wantsToWrite) {
      const size = Math.min(PIECE, SIZE - this.#sent);
      for (let at = 0; at < size; at += 1) this.#out[at] = byteAt(this.#sent + at);
      const count = this.stream.write(this.#out.subarray(0, size));
      if (typeof count !== "number") return;
      this.#sent += count;
    }
  }

  /** Reads until nothing is left, and checks each byte. */
  read(): void {
    for (;;) {
      const count = this.stream.read(this.#into);
      if (typeof count !== "number") return;
      for (let at = 0; at < count; at += 1) {
        if (this.#into[at] === byteAt(this.#received + at)) continue;
        throw new Broken(`byte ${this.#received + at} is not the byte that was sent`);
      }
      this.#received += count;
    }
  }
}
