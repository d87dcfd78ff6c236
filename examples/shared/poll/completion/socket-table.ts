// The sockets of a proactor, by their tokens.
import { Slab, type Token } from "../token.ts";

/** What stands in the table knows its own token. */
export interface Tabled {
  /** Given when it is added. */
  token: Token;
}

export class SocketTable<Socket extends Tabled> {
  readonly #slab = new Slab<Socket>();

  /** @returns Its token. */
  add(socket: Socket): Token {
    socket.token = this.#slab.add(socket);
    return socket.token;
  }

  /** Undefined when it has ended. */
  get(token: Token): Socket | undefined {
    return this.#slab.get(token);
  }

  /** @throws {Error} When it has ended: to ask anything of it is a mistake. */
  find(token: Token): Socket {
    const socket = this.#slab.get(token);
    if (socket) return socket;
    throw new Error(`Cannot use the socket ${token}: it is closed, or never was`);
  }

  /** Ends its token. @throws {Error} When it has ended already. */
  remove(token: Token): Socket {
    const socket = this.find(token);
    this.#slab.remove(token);
    return socket;
  }

  [Symbol.iterator](): Iterator<Socket> {
    return this.#slab[Symbol.iterator]();
  }
}
