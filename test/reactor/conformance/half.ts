// One end of a connection that says a megabyte, and hears one: each byte is known beforehand.
import type { TcpStream } from "../../../examples/shared/poll/net.ts";
import { Broken } from "./case.ts";

const SIZE = 1 << 20;
const PIECE = 50_000;

/** What stands at a place of what is said. */
const byteAt = (place: number) => (place * 31 + (place >> 8)) & 0xff;

export class Half {
  readonly stream: TcpStream;
  readonly #into = new Uint8Array(PIECE);
  readonly #out = new Uint8Array(PIECE);
  #said = 0;
  #heard = 0;

  constructor(stream: TcpStream) {
    this.stream = stream;
  }

  get wantsToWrite(): boolean {
    return this.#said < SIZE;
  }

  get done(): boolean {
    return !this.wantsToWrite && this.#heard === SIZE;
  }

  /** Writes until the kernel takes no more. */
  write(): void {
    while (this.wantsToWrite) {
      const size = Math.min(PIECE, SIZE - this.#said);
      for (let at = 0; at < size; at += 1) this.#out[at] = byteAt(this.#said + at);
      const count = this.stream.write(this.#out.subarray(0, size));
      if (typeof count !== "number") return;
      this.#said += count;
    }
  }

  /** Reads until there is no more, and looks at each byte. */
  read(): void {
    for (;;) {
      const count = this.stream.read(this.#into);
      if (typeof count !== "number") return;
      for (let at = 0; at < count; at += 1) {
        if (this.#into[at] === byteAt(this.#heard + at)) continue;
        throw new Broken(`byte ${this.#heard + at} is another than was sent`);
      }
      this.#heard += count;
    }
  }
}
