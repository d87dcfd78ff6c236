// An echo server on a proactor, and clients that say much and know what must come back.

import type {
  Completion,
  Proactor,
} from "../../../examples/shared/poll/completion/proactor.ts";
import type { TcpStream } from "../../../examples/shared/poll/net.ts";
import type { Token } from "../../../examples/shared/poll/token.ts";
import { Broken } from "../conformance/case.ts";

/** Sends back what comes; when no more comes, says so and closes. */
export class EchoServer {
  readonly #proactor: Proactor;
  readonly #listener: Token;
  /** Connections that are open. */
  readonly open = new Set<Token>();
  /** All that there were. */
  served = 0;

  constructor(proactor: Proactor, listener: Token) {
    this.#proactor = proactor;
    this.#listener = listener;
    proactor.accept(listener);
  }

  handle(completion: Completion): void {
    if (completion.kind === "wake") return;
    const { kind, token, result } = { result: undefined, ...completion };
    if (kind === "close") this.open.delete(token);
    else if (kind === "accept") {
      if (typeof result !== "number") throw new Broken(`accepted: ${result}`);
      this.#proactor.accept(this.#listener);
      this.open.add(result);
      this.served += 1;
      this.#proactor.recv(result);
    } else if (!this.open.has(token)) throw new Broken(`a ${kind} of nobody's ${token}`);
    else if (kind === "recv" && result instanceof Uint8Array) {
      this.#proactor.send(token, result);
    } else if (kind === "send" && result === "sent") this.#proactor.recv(token);
    else this.#proactor.close(token);
  }
}

const PIECE = 50_000;

/** A client that says `size` bytes, hears them all, and then ends. */
export class EchoClient {
  readonly #stream: TcpStream;
  readonly #size: number;
  readonly #seed: number;
  readonly #into = new Uint8Array(PIECE);
  #said = 0;
  #heard = 0;
  #finished = false;

  /** @param seed Which bytes it says: other clients say others. */
  constructor(stream: TcpStream, size: number, seed: number) {
    this.#stream = stream;
    this.#size = size;
    this.#seed = seed;
  }

  /** Does what can be done now. @returns Whether all is said and heard, and over. */
  step(): boolean {
    while (this.#said < this.#size) {
      const length = Math.min(PIECE, this.#size - this.#said);
      const from = this.#said;
      const bytes = Uint8Array.from({ length }, (_, at) => this.#byteAt(from + at));
      const count = this.#stream.write(bytes);
      if (typeof count !== "number") break;
      this.#said += count;
    }
    if (this.#said === this.#size && !this.#finished) {
      this.#finished = true;
      this.#stream.shutdown();
    }
    for (;;) {
      const count = this.#stream.read(this.#into);
      if (typeof count === "number") this.#check(count);
      else if (count === "blocked") return false;
      else if (this.#heard === this.#size) return true;
      else throw new Broken(`${count} after ${this.#heard} of ${this.#size} bytes`);
    }
  }

  #check(count: number): void {
    for (let at = 0; at < count; at += 1) {
      if (this.#into[at] === this.#byteAt(this.#heard + at)) continue;
      throw new Broken(`byte ${this.#heard + at} is another than was sent`);
    }
    this.#heard += count;
  }

  #byteAt(place: number): number {
    return (place * 31 + (place >> 8) + this.#seed) & 0xff;
  }
}
