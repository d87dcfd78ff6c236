// A proactor over a poller: what a kernel does for us elsewhere, we do when it tells that we
// may. A program on the completion seam so runs wherever there is readiness.
import { type AdaptedSocket, idleSocket } from "./adapted.ts";
import { Events } from "./events.ts";
import { READABLE, WRITABLE } from "./interest.ts";
import { TcpListener, TcpStream } from "./net.ts";
import type { Poll } from "./poll.ts";
import { type Completion, type Proactor, RECEIVE_SIZE, refuseEnded } from "./proactor.ts";
import { SocketTable } from "./socket-table.ts";
import { type Address, type Sockets, systemSockets } from "./sockets.ts";
import type { Token } from "./token.ts";
import type { Waker } from "./waker.ts";

const EVENTS = 1024;
/** The last generation of a slab's last place: a million sockets would have to be open. */
const WAKE: Token = 2 ** 31 - 1;

export class ReadinessProactor implements Proactor {
  readonly name: string;
  readonly #poll: Poll;
  readonly #sockets: Sockets;
  readonly #open = new SocketTable<AdaptedSocket>();
  readonly #events = new Events(EVENTS);
  /** Of `RECEIVE_SIZE` each: not in use, and shown to the program until the next wait. */
  readonly #free: Uint8Array[] = [];
  readonly #shown: Uint8Array[] = [];
  /** What the next wait tells. */
  readonly #done: Completion[] = [];
  #ended = false;

  /** @param poll Ours from now on; nothing is registered with it. */
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

  accept(listener: Token): void {
    const socket = this.#open.find(listener);
    refuseSecond("accept", socket.accepting);
    socket.accepting = true;
    this.#watch(socket);
  }

  recv(token: Token): void {
    const socket = this.#open.find(token);
    refuseSecond("recv", socket.receiving);
    socket.receiving = true;
    this.#watch(socket);
  }

  send(token: Token, bytes: Uint8Array): void {
    const socket = this.#open.find(token);
    refuseSecond("send", socket.sending);
    socket.sending = true;
    // Most often there is room: then nobody needs a copy.
    this.#trySend(socket, bytes);
    if (socket.rest === undefined) return;
    socket.rest = Uint8Array.from(socket.rest);
    this.#watch(socket);
  }

  shutdown(token: Token): void {
    const { sending } = this.#open.find(token);
    if (sending) throw new Error("Cannot finish sending: a send is in flight");
    this.#stream(token).shutdown();
  }

  close(token: Token): void {
    this.#open.remove(token).source.close();
    this.#done.push({ kind: "close", token });
  }

  wait(timeout: number | null): Completion[] {
    refuseEnded(this.#ended);
    this.#free.push(...this.#shown.splice(0));
    this.#poll.poll(this.#events, this.#done.length > 0 ? 0 : timeout);
    for (let index = 0; index < this.#events.length; index += 1) {
      const token = this.#events.token(index);
      const socket = this.#open.get(token);
      if (token === WAKE) this.#done.push({ kind: "wake" });
      else if (socket) this.#attempt(socket);
    }
    const done = this.#done.splice(0);
    return done.filter((one) => one.kind !== "send" || this.#told(one.token));
  }

  openWaker(): Waker {
    refuseEnded(this.#ended);
    return this.#poll.openWaker(WAKE);
  }

  end(): void {
    this.#ended = true;
    for (const { token } of this.#open) this.close(token);
    this.#poll.close();
    for (const buffers of [this.#free, this.#shown]) buffers.length = 0;
  }

  /** Does what was asked for, as far as it can be done now. */
  #attempt(socket: AdaptedSocket): void {
    if (socket.accepting) this.#tryAccept(socket);
    if (socket.receiving) this.#tryReceive(socket);
    if (socket.rest) this.#trySend(socket, socket.rest);
    this.#watch(socket);
  }

  #tryAccept(socket: AdaptedSocket): void {
    const { source, token } = socket;
    const accepted = source instanceof TcpListener ? source.accept() : "blocked";
    if (accepted === "blocked") return;
    socket.accepting = false;
    const result = accepted === "full" ? accepted : this.#add(accepted);
    this.#done.push({ kind: "accept", token, result });
  }

  #tryReceive(socket: AdaptedSocket): void {
    const { source, token } = socket;
    const into = this.#free.pop() ?? new Uint8Array(RECEIVE_SIZE);
    const read = source instanceof TcpStream ? source.read(into) : "reset";
    (typeof read === "number" ? this.#shown : this.#free).push(into);
    if (read === "blocked") return;
    socket.receiving = false;
    const result = typeof read === "number" ? into.subarray(0, read) : read;
    this.#done.push({ kind: "recv", token, result });
  }

  #trySend(socket: AdaptedSocket, bytes: Uint8Array): void {
    const { source, token } = socket;
    const written = source instanceof TcpStream ? source.write(bytes) : "reset";
    const count = typeof written === "number" ? written : 0;
    const over = written === "reset" || (written !== "blocked" && count === bytes.length);
    socket.rest = over ? undefined : bytes.subarray(count);
    if (!over) return;
    this.#done.push({
      kind: "send",
      token,
      result: written === "reset" ? written : "sent",
    });
  }

  /** A send is over when it is told. False: its socket was closed before. */
  #told(token: Token): boolean {
    const socket = this.#open.get(token);
    if (socket) socket.sending = false;
    return socket !== undefined;
  }

  /** Each event is told once: what is still wanted is asked for anew. */
  #watch({ source, token, accepting, receiving, rest }: AdaptedSocket): void {
    const interest = (accepting || receiving ? READABLE : 0) | (rest ? WRITABLE : 0);
    if (interest === 0) return;
    const { registry } = this.#poll;
    if (source.watcher) registry.reregister(source, token, interest, "oneshot");
    else registry.register(source, token, interest, "oneshot");
  }

  #add(source: TcpListener | TcpStream): Token {
    return this.#open.add(idleSocket(source));
  }

  #stream(token: Token): TcpStream {
    const { source } = this.#open.find(token);
    if (source instanceof TcpStream) return source;
    throw new Error(`Cannot use the socket ${token} so: it is a listener`);
  }
}

function refuseSecond(kind: string, inFlight: boolean): void {
  if (inFlight) throw new Error(`Cannot ${kind}: the one before is in flight`);
}
