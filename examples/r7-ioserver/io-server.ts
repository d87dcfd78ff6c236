// r7-ioserver: turns what the kernel does with sockets into messages, and messages into work for it.
import type { Completion, Proactor } from "../shared/poll/completion/proactor.ts";
import { SysError } from "../shared/poll/ffi.ts";
import type { Token } from "../shared/poll/token.ts";
import { Channel } from "../shared/threads/channel.ts";
import { clearPort, Port } from "../shared/threads/port.ts";
import { ReadyList } from "../shared/threads/ready-list.ts";
import { ORDERS, OWNERS, piecesAt, portAt, type SharedMemory } from "./memory.ts";
import { ASKS, SAYS } from "./port.ts";

/** How long we wait for a free descriptor when none of ours comes back, in milliseconds. */
const PATIENCE = 1000;

/** A client: what the kernel and the proactor call it, and its port. */
interface Socket {
  readonly number: number;
  readonly token: Token;
  readonly port: Port;
  readonly come: Uint8Array;
  readonly toSend: Uint8Array;
  isSending: boolean;
  /** Our end is to be closed when what is being sent has been sent. */
  isFinishing: boolean;
  isClosing: boolean;
}

export class IoServer {
  readonly #proactor: Proactor;
  readonly #memory: SharedMemory;
  readonly #accepted: Channel;
  readonly #asked: ReadyList;
  readonly #said: readonly ReadyList[];
  /** Called when all clients of a program thread that has died are cut. */
  readonly #buried: (thread: number) => void;
  /** Undefined when no more clients are to come in. */
  #listener: Token | undefined;
  #isAccepting = false;
  /** There was no descriptor for a client. */
  #isPatient = false;
  /** Ports that no socket has. */
  readonly #free: number[];
  readonly #byNumber: (Socket | undefined)[] = [];
  readonly #byToken = new Map<Token, Socket>();

  /** @param listener Of this proactor. */
  constructor(
    proactor: Proactor,
    listener: Token,
    memory: SharedMemory,
    buried: (thread: number) => void = () => {},
  ) {
    this.#proactor = proactor;
    this.#listener = listener;
    this.#memory = memory;
    this.#buried = buried;
    this.#accepted = new Channel(memory.accepted);
    this.#asked = new ReadyList(memory.asked);
    this.#said = memory.said.map((list) => new ReadyList(list));
    // The lowest first: then it is the same memory that is used, as far as it is enough.
    this.#free = Array.from({ length: memory.ports }, (_, at) => memory.ports - 1 - at);
    this.#accept();
  }

  // #region turn
  /** One wait, and all that there is to do after it. @returns False when that was the last. */
  turn(timeout = this.#isPatient ? PATIENCE : null): boolean {
    const done = this.#proactor.wait(timeout);
    if (this.#isPatient) this.#accept();
    for (const completion of done) this.#tell(completion);
    for (let at = this.#asked.tryRecv(); at !== "empty"; at = this.#asked.tryRecv()) {
      const socket = this.#byNumber[at];
      if (socket && !socket.isClosing) this.#serve(socket);
    }
    return this.#obey();
  }

  /** Says to a program thread what the kernel has done. */
  #tell(completion: Completion): void {
    if (completion.kind === "wake") return;
    const { kind, token } = completion;
    if (kind === "accept") {
      this.#welcome(completion.result);
      return;
    }
    const socket = this.#byToken.get(token);
    if (socket === undefined) return;
    if (kind === "close") this.#release(socket);
    else if (socket.isClosing) return;
    else if (kind === "recv") this.#came(socket, completion.result);
    else this.#sent(socket, completion.result);
  }

  /** Asks the kernel for what a program thread wants. */
  #serve(socket: Socket): void {
    const { port, token, toSend } = socket;
    for (let word = port.tryRecv(); word !== "empty"; word = port.tryRecv()) {
      if (word === "closed") {
        this.#close(socket);
        return;
      }
      try {
        if (word === ASKS.more) this.#proactor.recv(token);
        else if (word === ASKS.finish) this.#finish(socket);
        else if (word === ASKS.reset) this.#proactor.setResetOnClose(token);
        else {
          socket.isSending = true;
          this.#proactor.send(token, toSend.subarray(0, word));
        }
      } catch (error) {
        // For want of memory: it is over with this one, and with no other.
        if (!(error instanceof SysError)) throw error;
        this.#say(socket, SAYS.reset);
      }
    }
  }
  // #endregion turn

  #came(socket: Socket, result: Uint8Array | "end" | "reset"): void {
    if (typeof result === "string") this.#say(socket, SAYS[result]);
    else {
      socket.come.set(result);
      this.#say(socket, result.length);
    }
  }

  #sent(socket: Socket, result: "sent" | "reset"): void {
    socket.isSending = false;
    if (result === "sent" && socket.isFinishing) this.#finish(socket);
    this.#say(socket, SAYS[result]);
  }

  #finish(socket: Socket): void {
    socket.isFinishing = socket.isSending;
    if (!socket.isSending) this.#proactor.shutdown(socket.token);
  }

  #say({ port, number }: Socket, word: number): void {
    if (port.trySend(word) === "full")
      throw new Error(`Cannot say anything to port ${number}: its ring is full`);
  }

  /** Asks for the next client, if there is a port for it: until then they wait in the kernel. */
  #accept(): void {
    this.#isPatient = false;
    if (this.#listener === undefined || this.#isAccepting || this.#free.length === 0)
      return;
    this.#isAccepting = true;
    this.#proactor.accept(this.#listener);
  }

  #welcome(result: Token | "full"): void {
    this.#isAccepting = false;
    if (result === "full") {
      this.#isPatient = true;
      return;
    }
    const number = this.#free.pop();
    if (number === undefined) throw new Error("Cannot welcome a client: no port is free");
    // Answers are one write: to hold back the last piece of one would only be a delay.
    this.#proactor.setNoDelay(result, true);
    const { come, toSend } = piecesAt(this.#memory, number);
    const port = new Port(portAt(this.#memory, number), 0, () => this.#ring(number));
    const flags = { isSending: false, isFinishing: false, isClosing: false };
    const socket = { number, token: result, port, come, toSend, ...flags };
    this.#byNumber[number] = socket;
    this.#byToken.set(result, socket);
    this.#offer(socket);
    this.#accept();
  }

  /** Any program thread may take it. */
  #offer(socket: Socket): void {
    Atomics.store(this.#memory.owners, socket.number, OWNERS.offered);
    // Not if we are stopping: then nobody is there who would.
    if (this.#accepted.trySend(socket.number) !== "sent") this.#close(socket);
  }

  /** Something is in a port: its owner may want to look. */
  #ring(number: number): void {
    const owner = Atomics.load(this.#memory.owners, number);
    this.#said[owner]?.add(number);
  }

  #close(socket: Socket): void {
    socket.isClosing = true;
    this.#proactor.close(socket.token);
  }

  /** The kernel has let go of it: its port is the next one's. */
  #release({ number, token }: Socket): void {
    this.#byToken.delete(token);
    this.#byNumber[number] = undefined;
    clearPort(portAt(this.#memory, number));
    Atomics.store(this.#memory.owners, number, OWNERS.nobody);
    this.#free.push(number);
    this.#accept();
  }

  // #region bury
  /** Cuts all clients of a program thread that is no more. */
  #bury(thread: number): void {
    for (const socket of this.#byToken.values()) {
      if (socket.isClosing) continue;
      const owner = Atomics.load(this.#memory.owners, socket.number);
      if (owner === thread) this.#close(socket);
      // It may have been about to take this one. Another may find it twice, and take it once.
      else if (owner === OWNERS.offered) this.#offer(socket);
    }
    // A wake may have been for it.
    this.#accepted.waiters.delete(thread);
    this.#accepted.waiters.wakeOne();
    this.#buried(thread);
  }
  // #endregion bury

  /** Does what the main thread wants. @returns False when nothing is left to do. */
  #obey(): boolean {
    const { orders } = this.#memory;
    if (this.#listener !== undefined && Atomics.load(orders, ORDERS.stop) === 1) {
      this.#proactor.close(this.#listener);
      this.#listener = undefined;
      // What was accepted before is still served.
      this.#accepted.close();
    }
    if (Atomics.load(orders, ORDERS.died) !== 0) {
      const died = Atomics.exchange(orders, ORDERS.died, 0);
      for (const thread of this.#said.keys())
        if (died & (1 << thread)) this.#bury(thread);
    }
    return Atomics.load(orders, ORDERS.end) === 0;
  }
}
