// The descriptor table of a simulated process: a new descriptor is the lowest free number.
import { constants } from "node:os";
import { SysError } from "../../../examples/shared/poll/ffi.ts";
import type { Listener, SimulatedSocket, Stream } from "./socket.ts";

/** The first number after standard input, output and error. */
const FIRST = 3;

export class DescriptorTable {
  readonly #sockets: (SimulatedSocket | undefined)[] = [];
  readonly #limit: number;

  /** @param limit The maximum number of open descriptors. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The number of open sockets. */
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

  /** Replaces the socket of a descriptor; undefined frees it. */
  replace(fd: number, socket: SimulatedSocket | undefined): void {
    this.#sockets[fd - FIRST] = socket;
  }

  /** @throws {SysError} EBADF when the descriptor is not open. */
  find(fd: number): SimulatedSocket {
    const socket = this.#sockets[fd - FIRST];
    if (socket) return socket;
    throw new SysError("find a socket", constants.errno.EBADF);
  }

  /** @throws {SysError} ENOTCONN when the socket is not a connection. */
  stream(fd: number): Stream {
    const socket = this.find(fd);
    if (socket.kind === "stream") return socket;
    throw new SysError("use a socket", constants.errno.ENOTCONN);
  }

  /** The listener on a port, if any. */
  listenerAt(port: number): Listener | undefined {
    for (const socket of this.#sockets) {
      if (socket?.kind === "listener" && socket.port === port) return socket;
    }
    return undefined;
  }
}
