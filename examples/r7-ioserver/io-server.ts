// r7-ioserver: turns the kernel's completions into messages, and messages into operations.
import type { Completion, Proactor } from "../shared/poll/completion/proactor.ts";
import { SysError } from "../shared/poll/ffi.ts";
import type { Token } from "../shared/poll/token.ts";
import { Channel } from "../shared/threads/channel.ts";
import { clearPort, Port } from "../shared/threads/port.ts";
import { ReadyList } from "../shared/threads/ready-list.ts";
import { ORDERS, OWNERS, piecesAt, portAt, type SharedMemory } from "./memory.ts";
import { REQUESTS, RESULTS } from "./port.ts";

/** When out of descriptors, retry after this many milliseconds, or when a client leaves. */
const RETRY_DELAY = 1000;
/** The most unsent bytes in the kernel, so that even a slow reader soon makes room for more. */
const UNSENT_LIMIT = 524288;

/** A client: its port, with the port's number, and its token in the proactor. */
interface Socket {
  readonly number: number;
  readonly token: Token;
  readonly port: Port;
  readonly received: Uint8Array;
  readonly toSend: Uint8Array;
  isSending: boolean;
  /** Half-close as soon as the send in flight is done. */
  isFinishing: boolean;
  isClosing: boolean;
}

export class IoServer {
  readonly #proactor: Proactor;
  readonly #memory: SharedMemory;
  readonly #accepted: Channel;
  readonly #requests: ReadyList;
  readonly #results: readonly ReadyList[];
  /** Called when all clients of a dead program thread are disconnected. */
  readonly #reaped: (thread: number) => void;
  /** Undefined once no more clients are accepted. */
  #listener: Token | undefined;
  #isAccepting = false;
  /** The last accept found no free descriptor. */
  #isFull = false;
  /** The free list: ports without a socket. */
  readonly #free: number[];
  readonly #byNumber: (Socket | undefined)[] = [];
  readonly #byToken = new Map<Token, Socket>();

  /** @param listener A listener of this proactor. */
  constructor(
    proactor: Proactor,
    listener: Token,
    memory: SharedMemory,
    reaped: (thread: number) => void = () => {},
  ) {
    this.#proactor = proactor;
    this.#listener = listener;
    this.#memory = memory;
    this.#reaped = reaped;
    this.#accepted = new Channel(memory.accepted);
    this.#requests = new ReadyList(memory.requests);
    this.#results = memory.results.map((list) => new ReadyList(list));
    // A stack, lowest port on top, so that used memory is reused before more is touched.
    this.#free = Array.from({ length: memory.ports }, (_, at) => memory.ports - 1 - at);
    this.#accept();
  }

  // #region turn
  /** Waits once, and handles what is ready. @returns False after the last turn. */
  turn(timeout = this.#isFull ? RETRY_DELAY : null): boolean {
    const done = this.#proactor.wait(timeout);
    if (this.#isFull) this.#accept();
    for (const completion of done) this.#dispatch(completion);
    for (
      let at = this.#requests.tryRecv();
      at !== "empty";
      at = this.#requests.tryRecv()
    ) {
      const socket = this.#byNumber[at];
      if (socket && !socket.isClosing) this.#serve(socket);
    }
    return this.#readOrders();
  }

  /** Handles a completion. A client's results go to its program thread, as messages. */
  #dispatch(completion: Completion): void {
    if (completion.kind === "wake") return;
    const { kind, token } = completion;
    if (kind === "accept") {
      this.#openPort(completion.result);
      return;
    }
    const socket = this.#byToken.get(token);
    if (socket === undefined) return;
    if (kind === "close") this.#release(socket);
    else if (socket.isClosing) return;
    else if (kind === "recv") this.#received(socket, completion.result);
    else this.#sent(socket, completion.result);
  }

  /** Submits to the kernel what a program thread has asked for. */
  #serve(socket: Socket): void {
    const { port, token, toSend } = socket;
    for (let word = port.tryRecv(); word !== "empty"; word = port.tryRecv()) {
      if (word === "closed") {
        this.#close(socket);
        return;
      }
      try {
        if (word === REQUESTS.more) this.#proactor.recv(token);
        else if (word === REQUESTS.finish) this.#finish(socket);
        else if (word === REQUESTS.reset) this.#proactor.setResetOnClose(token);
        else {
          socket.isSending = true;
          this.#proactor.send(token, toSend.subarray(0, word));
        }
      } catch (error) {
        // Out of memory: only this connection is lost.
        if (!(error instanceof SysError)) throw error;
        this.#say(socket, RESULTS.reset);
      }
    }
  }
  // #endregion turn

  #received(socket: Socket, result: Uint8Array | "end" | "reset"): void {
    if (typeof result === "string") this.#say(socket, RESULTS[result]);
    else {
      socket.received.set(result);
      this.#say(socket, result.length);
    }
  }

  #sent(socket: Socket, result: "sent" | "reset"): void {
    socket.isSending = false;
    if (result === "sent" && socket.isFinishing) this.#finish(socket);
    this.#say(socket, RESULTS[result]);
  }

  #finish(socket: Socket): void {
    socket.isFinishing = socket.isSending;
    if (!socket.isSending) this.#proactor.shutdown(socket.token);
  }

  #say({ port, number }: Socket, word: number): void {
    if (port.trySend(word) === "full")
      throw new Error(`Cannot notify port ${number}: its ring is full`);
  }

  /** Accepts the next client if a port is free; otherwise clients wait in the backlog. */
  #accept(): void {
    this.#isFull = false;
    if (this.#listener === undefined || this.#isAccepting || this.#free.length === 0)
      return;
    this.#isAccepting = true;
    this.#proactor.accept(this.#listener);
  }

  #openPort(result: Token | "full"): void {
    this.#isAccepting = false;
    if (result === "full") {
      this.#isFull = true;
      return;
    }
    const number = this.#free.pop();
    if (number === undefined) throw new Error("Cannot accept a client: no port is free");
    // Each answer is one write, so Nagle's algorithm would only delay its last segment.
    this.#proactor.setNoDelay(result, true);
    this.#proactor.setUnsentLimit(result, UNSENT_LIMIT);
    const { received, toSend } = piecesAt(this.#memory, number);
    const port = new Port(portAt(this.#memory, number), 0, () =>
      this.#notifyOwner(number),
    );
    const flags = { isSending: false, isFinishing: false, isClosing: false };
    const socket = { number, token: result, port, received, toSend, ...flags };
    this.#byNumber[number] = socket;
    this.#byToken.set(result, socket);
    this.#offer(socket);
    this.#accept();
  }

  /** Offers a client, which any program thread may take. */
  #offer(socket: Socket): void {
    Atomics.store(this.#memory.owners, socket.number, OWNERS.offered);
    // While stopping, the channel is closed, and no thread would take it.
    if (this.#accepted.trySend(socket.number) !== "sent") this.#close(socket);
  }

  /** Notifies a port's owner, if it has one, of a new message. */
  #notifyOwner(number: number): void {
    const owner = Atomics.load(this.#memory.owners, number);
    this.#results[owner]?.add(number);
  }

  #close(socket: Socket): void {
    socket.isClosing = true;
    this.#proactor.close(socket.token);
  }

  /** Frees the port of a socket that the kernel has closed. */
  #release({ number, token }: Socket): void {
    this.#byToken.delete(token);
    this.#byNumber[number] = undefined;
    clearPort(portAt(this.#memory, number));
    this.#requests.unlist(number);
    Atomics.store(this.#memory.owners, number, OWNERS.none);
    this.#free.push(number);
    this.#accept();
  }

  // #region reap
  /** Disconnects all clients of a program thread that has died. */
  #reap(thread: number): void {
    for (const socket of this.#byToken.values()) {
      if (socket.isClosing) continue;
      const owner = Atomics.load(this.#memory.owners, socket.number);
      if (owner === thread) this.#close(socket);
      // The thread may have been about to take it. Offered twice, it is still taken once.
      else if (owner === OWNERS.offered) this.#offer(socket);
    }
    // It may have died just after it received a port, which would stay listed forever.
    for (const number of this.#byNumber.keys()) this.#results[thread]?.unlist(number);
    // The dead thread may have consumed a wakeup, so pass it on.
    this.#accepted.waiters.delete(thread);
    this.#accepted.waiters.wakeOne();
    this.#reaped(thread);
  }
  // #endregion reap

  /** Follows the main thread's orders. @returns False after the order to end. */
  #readOrders(): boolean {
    const { orders } = this.#memory;
    if (this.#listener !== undefined && Atomics.load(orders, ORDERS.stop) === 1) {
      this.#proactor.close(this.#listener);
      this.#listener = undefined;
      // Clients accepted before are still served.
      this.#accepted.close();
    }
    if (Atomics.load(orders, ORDERS.died) !== 0) {
      const died = Atomics.exchange(orders, ORDERS.died, 0);
      for (const thread of this.#results.keys())
        if (died & (1 << thread)) this.#reap(thread);
    }
    return Atomics.load(orders, ORDERS.end) === 0;
  }
}
