// The descriptors of a simulated process: small numbers, of which the lowest free one is next.
import { constants } from "node:os";
import { SysError } from "../../../examples/shared/poll/ffi.ts";
import type { Listener, SimulatedSocket, Stream } from "./socket.ts";

/** After those that each program has: input, output, errors. */
const FIRST = 3;

export class DescriptorTable {
  readonly #sockets: (SimulatedSocket | undefined)[] = [];
  readonly #limit: number;

  /** @param limit How many there may be at a time. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many sockets are open. */
  get size(): number {
    return this.#sockets.filter((socket) => socket !== undefined).length;
  }

  get full(): boolean {
    return this.size >= this.#limit;
  }

  has(fd: number): boolean {
    return this.#sockets[fd - FIRST] !== undefined;
  }

  /** @throws {SysError} EMFILE when it is full. */
  add(what: string, socket: SimulatedSocket): number {
    if (this.full) throw new SysError(what, constants.errno.EMFILE);
    const free = this.#sockets.indexOf(undefined);
    const place = free === -1 ? this.#sockets.length : free;
    this.#sockets[place] = socket;
    return FIRST + place;
  }

  /** Another stands under the descriptor from now on; undefined: it is free. */
  replace(fd: number, socket: SimulatedSocket | undefined): void {
    this.#sockets[fd - FIRST] = socket;
  }

  /** @throws {SysError} EBADF when nobody has the descriptor. */
  find(fd: number): SimulatedSocket {
    const socket = this.#sockets[fd - FIRST];
    if (socket) return socket;
    throw new SysError("find a socket", constants.errno.EBADF);
  }

  /** @throws {SysError} ENOTCONN when it is no connection. */
  stream(fd: number): Stream {
    const socket = this.find(fd);
    if (socket.kind === "stream") return socket;
    throw new SysError("use a socket", constants.errno.ENOTCONN);
  }

  /** Who listens at a port. */
  listenerAt(port: number): Listener | undefined {
    for (const socket of this.#sockets) {
      if (socket?.kind === "listener" && socket.port === port) return socket;
    }
    return undefined;
  }
}
