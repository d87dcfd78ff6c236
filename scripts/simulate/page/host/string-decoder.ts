// `node:string_decoder` in a page.
import { Buffer } from "./buffer.ts";

/** Decodes text from chunks that may end within a character. */
export class StringDecoder {
  readonly encoding: BufferEncoding;
  readonly #utf8: InstanceType<typeof TextDecoder> | undefined;

  constructor(encoding: BufferEncoding = "utf8") {
    this.encoding = encoding.replace("utf-8", "utf8") as BufferEncoding;
    if (this.encoding === "utf8") {
      this.#utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
    }
  }

  write(bytes: Uint8Array | string): string {
    if (typeof bytes === "string") return bytes;
    if (this.#utf8) return this.#utf8.decode(bytes, { stream: true });
    return Buffer.from(bytes).toString(this.encoding);
  }

  end(bytes?: Uint8Array | string): string {
    const text = bytes === undefined ? "" : this.write(bytes);
    return text + (this.#utf8?.decode() ?? "");
  }
}
