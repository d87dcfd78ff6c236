// An echo server on a proactor, and clients that check what it sends back.

import type {
  Completion,
  Proactor,
} from "../../../examples/shared/poll/completion/proactor.ts";
import type { TcpStream } from "../../../examples/shared/poll/net.ts";
import type { Token } from "../../../examples/shared/poll/token.ts";
import { Broken } from "../conformance/case.ts";

/** Sends back what it receives; closes a connection at its end. */
export class EchoServer {
  readonly #proactor: Proactor;
  readonly #listener: Token;
  /** Open connections. */
  readonly open = new Set<Token>();
  /** The number of connections so far. */
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
    } else if (!this.open.has(token))
      throw new Broken(`a ${kind} with the unknown token ${token}`);
    else if (kind === "recv" && result instanceof Uint8Array) {
      this.#proactor.send(token, result);
    } else if (kind === "send" && result === "sent") this.#proactor.recv(token);
    else this.#proactor.close(token);
  }
}

const PIECE = 50_000;

/** A client that sends `size` bytes, shuts down, and checks the bytes that come back. */
export class EchoClient {
  readonly #stream: TcpStream;
  readonly #size: number;
  readonly #seed: number;
  readonly #into = new Uint8Array(PIECE);
  #sent = 0;
  #received = 0;
  #finished = false;

  /** @param seed Selects the bytes: clients with other seeds send other bytes. */
  constructor(stream: TcpStream, size: number, seed: number) {
    this.#stream = stream;
    this.#size = size;
    this.#seed = seed;
  }

  /** Writes and reads without blocking. @returns Whether everything came back. */
  step(): boolean {
    while (this.#sent < this.#size) {
      const length = Math.min(PIECE, this.#size - this.#sent);
      const from = this.#sent;
      const bytes = Uint8Array.from({ length }, (_, at) => this.#byteAt(from + at));
      const count = this.#stream.write(bytes);
      if (typeof count !== "number") break;
      this.#sent += count;
    }
    if (this.#sent === this.#size && !this.#finished) {
      this.#finished = true;
      this.#stream.shutdown();
    }
    for (;;) {
      const count = this.#stream.read(this.#into);
      if (typeof count === "number") this.#check(count);
      else if (count === "blocked") return false;
      else if (this.#received === this.#size) return true;
      else throw new Broken(`${count} after ${this.#received} of ${this.#size} bytes`);
    }
  }

  #check(count: number): void {
    for (let at = 0; at < count; at += 1) {
      if (this.#into[at] === this.#byteAt(this.#received + at)) continue;
      throw new Broken(`byte ${this.#received + at} is not the byte that was sent`);
    }
    this.#received += count;
  }

  #byteAt(offset: number): number {
    return (offset * 31 + (offset >> 8) + this.#seed) & 0xff;
  }
}
