// A proactor over a poller: it makes the calls itself when the poller reports readiness. So
// a program on the completion seam runs wherever there is a poller.

import { SysError } from "../ffi.ts";
import { TcpListener, TcpStream } from "../net.ts";
import { Events } from "../readiness/events.ts";
import { type Interest, READABLE, WRITABLE } from "../readiness/interest.ts";
import type { Poll } from "../readiness/poll.ts";
import type { Waker } from "../readiness/waker.ts";
import type { Address, Sockets } from "../sockets.ts";
import { systemSockets } from "../system-sockets.ts";
import { type Token, WAKE_TOKEN } from "../token.ts";
import {
  type Completion,
  noListener,
  noStream,
  type Proactor,
  RECEIVE_SIZE,
  refuseEnded,
} from "./proactor.ts";
import { SocketTable } from "./socket-table.ts";

const EVENTS = 1024;

/** A socket, and its operations that were requested and not reported yet. */
interface AdaptedSocket {
  readonly source: TcpListener | TcpStream;
  /** Set when it is added to the table. */
  token: Token;
  /** What the poller has been asked to report; edge-triggered, so asking once is enough. */
  watched: Interest;
  accepting: boolean;
  receiving: boolean;
  sending: boolean;
  /** A copy of the bytes still to send; undefined once all are sent, even if unreported. */
  rest: Uint8Array | undefined;
}

/**
 * Tries an operation first, and asks the poller only after "blocked":
 *
 * ```text
 *   recv, accept ─► untried ─► tried by the next wait ─► done
 *                                     │ "blocked"         ▲
 *   send ─► tried at once ────────────┤                   │ tried again
 *                                     ▼                   │
 *              registered once, edge-triggered ───────► an event
 * ```
 */
export class ReadinessProactor implements Proactor {
  readonly name: string;
  readonly #poll: Poll;
  readonly #sockets: Sockets;
  readonly #open = new SocketTable<AdaptedSocket>();
  readonly #events = new Events(EVENTS);
  /** Buffers of `RECEIVE_SIZE`: unused, or shown to the program until the next wait. */
  readonly #free: Uint8Array[] = [];
  readonly #shown: Uint8Array[] = [];
  /** Sockets with a requested operation that was not tried yet. */
  #untried: AdaptedSocket[] = [];
  /** What the next wait reports. */
  #done: Completion[] = [];
  #ended = false;

  /** @param poll Takes ownership of it; it must have no sources registered. */
  constructor(poll: Poll, sockets: Sockets = systemSockets()) {
    this.name = `adapter over ${poll.name}`;
    this.#poll = poll;
    this.#sockets = sockets;
  }

  get inFlight(): number {
    let count = 0;
    for (const { accepting, receiving, sending } of this.#open) {
      count += Number(accepting) + Number(receiving) + Number(sending);
    }
    return count;
  }

  get held(): number {
    return (this.#free.length + this.#shown.length) * RECEIVE_SIZE;
  }

  listen(host: string, port: number): Token {
    refuseEnded(this.#ended);
    return this.#add(TcpListener.listen(host, port, this.#sockets));
  }

  localAddress(token: Token): Address {
    return this.#open.find(token).source.localAddress();
  }

  setNoDelay(token: Token, on: boolean): void {
    this.#stream(token).setNoDelay(on);
  }

  setUnsentLimit(token: Token, bytes: number): void {
    this.#stream(token).setUnsentLimit(bytes);
  }

  setResetOnClose(token: Token): void {
    this.#sockets.setResetOnClose(this.#stream(token).fd);
  }

  accept(listener: Token): void {
    const socket = this.#open.find(listener);
    if (!(socket.source instanceof TcpListener)) throw noListener(listener);
    refuseSecond("accept", socket.accepting);
    socket.accepting = true;
    this.#untried.push(socket);
  }

  recv(token: Token): void {
    const socket = this.#open.find(token);
    if (!(socket.source instanceof TcpStream)) throw noStream(token);
    refuseSecond("recv", socket.receiving);
    socket.receiving = true;
    this.#untried.push(socket);
  }

  send(token: Token, bytes: Uint8Array): void {
    const socket = this.#open.find(token);
    if (!(socket.source instanceof TcpStream)) throw noStream(token);
    refuseSecond("send", socket.sending);
    socket.sending = true;
    // There usually is room, and then no copy is needed.
    this.#trySend(socket, bytes);
    if (socket.rest === undefined) return;
    socket.rest = Uint8Array.from(socket.rest);
  }

  shutdown(token: Token): void {
    const { sending } = this.#open.find(token);
    if (sending) throw new Error("Cannot finish sending: a send is in flight");
    this.#stream(token).shutdown();
  }

  close(token: Token): void {
    this.#open.remove(token).source.close();
    // Drops a send that is done but not reported. This searches all completions of one
    // wait, which is simple, and closes are rare compared with other operations.
    this.#done = this.#done.filter((one) => !("token" in one) || one.token !== token);
    this.#done.push({ kind: "close", token });
  }

  wait(timeout: number | null): Completion[] {
    refuseEnded(this.#ended);
    this.#free.push(...this.#shown);
    this.#shown.length = 0;
    const untried = this.#untried;
    this.#untried = [];
    for (const socket of untried) if (!socket.source.closed) this.#attempt(socket);
    this.#poll.poll(this.#events, this.#done.length > 0 ? 0 : timeout);
    for (let index = 0; index < this.#events.length; index += 1) {
      const token = this.#events.token(index);
      const socket = this.#open.get(token);
      if (token === WAKE_TOKEN) this.#done.push({ kind: "wake" });
      else if (socket) this.#attempt(socket);
    }
    const done = this.#done;
    this.#done = [];
    for (const one of done) {
      // A send is in flight until it is reported.
      const socket = one.kind === "send" ? this.#open.get(one.token) : undefined;
      if (socket) socket.sending = false;
    }
    return done;
  }

  openWaker(): Waker {
    refuseEnded(this.#ended);
    return this.#poll.openWaker(WAKE_TOKEN);
  }

  end(): void {
    this.#ended = true;
    for (const { token } of this.#open) this.close(token);
    this.#poll.close();
    for (const buffers of [this.#free, this.#shown]) buffers.length = 0;
  }

  /** Tries all requested operations of a socket. */
  #attempt(socket: AdaptedSocket): void {
    if (socket.accepting) this.#tryAccept(socket);
    if (socket.receiving) this.#tryReceive(socket);
    if (socket.rest) this.#trySend(socket, socket.rest);
  }

  #tryAccept(socket: AdaptedSocket): void {
    const { source, token } = socket;
    const accepted = source instanceof TcpListener ? source.accept() : "full";
    if (accepted === "blocked" && this.#watch(socket, READABLE)) return;
    socket.accepting = false;
    const result = accepted instanceof TcpStream ? this.#add(accepted) : "full";
    this.#done.push({ kind: "accept", token, result });
  }

  #tryReceive(socket: AdaptedSocket): void {
    const { source, token } = socket;
    const into = this.#free.pop() ?? new Uint8Array(RECEIVE_SIZE);
    const read = source instanceof TcpStream ? source.read(into) : "reset";
    (typeof read === "number" ? this.#shown : this.#free).push(into);
    if (read === "blocked" && this.#watch(socket, READABLE)) return;
    socket.receiving = false;
    const result = typeof read === "number" ? into.subarray(0, read) : read;
    this.#done.push({
      kind: "recv",
      token,
      result: result === "blocked" ? "reset" : result,
    });
  }

  #trySend(socket: AdaptedSocket, bytes: Uint8Array): void {
    const { source, token } = socket;
    let rest = bytes;
    let result: "sent" | "reset" | undefined;
    while (result === undefined) {
      const written = source instanceof TcpStream ? source.write(rest) : "reset";
      if (written === "blocked" && this.#watch(socket, WRITABLE)) {
        socket.rest = rest;
        return;
      }
      if (typeof written === "number") rest = rest.subarray(written);
      if (typeof written !== "number") result = "reset";
      else if (rest.length === 0) result = "sent";
    }
    socket.rest = undefined;
    this.#done.push({ kind: "send", token, result });
  }

  /**
   * Registers a socket that has just said "blocked" with the poller: edge-triggered, so
   * once is enough for all its operations.
   *
   * @returns False when the kernel has no memory or room for it. This ends the operation,
   *   and affects no other socket.
   */
  #watch(socket: AdaptedSocket, interest: Interest): boolean {
    const { source, token, watched } = socket;
    if ((watched & interest) !== 0) return true;
    const { registry } = this.#poll;
    try {
      if (watched === 0) registry.register(source, token, interest);
      else registry.reregister(source, token, watched | interest);
    } catch (error) {
      if (error instanceof SysError) return false;
      throw error;
    }
    socket.watched |= interest;
    return true;
  }

  #add(source: TcpListener | TcpStream): Token {
    const idle = { accepting: false, receiving: false, sending: false, rest: undefined };
    return this.#open.add({ source, token: 0, watched: 0, ...idle });
  }

  #stream(token: Token): TcpStream {
    const { source } = this.#open.find(token);
    if (source instanceof TcpStream) return source;
    throw noStream(token);
  }
}

function refuseSecond(kind: string, inFlight: boolean): void {
  if (inFlight) throw new Error(`Cannot ${kind}: the previous ${kind} is in flight`);
}
