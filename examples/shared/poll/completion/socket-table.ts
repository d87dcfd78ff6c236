// The sockets of a proactor, by token.
import { Slab, type Token } from "../token.ts";

/** An entry of the table, which knows its own token. */
export interface TableEntry {
  /** Set when it is added. */
  token: Token;
}

export class SocketTable<Socket extends TableEntry> {
  readonly #slab = new Slab<Socket>();

  /** @returns Its token. */
  add(socket: Socket): Token {
    socket.token = this.#slab.add(socket);
    return socket.token;
  }

  /** Undefined when the token is invalid. */
  get(token: Token): Socket | undefined {
    return this.#slab.get(token);
  }

  /** @throws {Error} When the token is invalid; using it is a bug. */
  find(token: Token): Socket {
    const socket = this.#slab.get(token);
    if (socket) return socket;
    throw new Error(`Cannot use the socket ${token}: it is closed, or never existed`);
  }

  /** Removes a socket, which invalidates its token. @throws {Error} When it is invalid. */
  remove(token: Token): Socket {
    const socket = this.find(token);
    this.#slab.remove(token);
    return socket;
  }

  [Symbol.iterator](): Iterator<Socket> {
    return this.#slab[Symbol.iterator]();
  }
}
