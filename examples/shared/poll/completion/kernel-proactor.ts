// A proactor over a kernel that does the work itself: what io_uring and IOCP share.

import { TcpListener } from "../net.ts";
import { Events } from "../readiness/events.ts";
import { newSleepState, Sleep, Waker } from "../readiness/waker.ts";
import type { Address, Sockets } from "../sockets.ts";
import { systemSockets } from "../system-sockets.ts";
import { Slab, type Token } from "../token.ts";
import { type Block, Blocks } from "./blocks.ts";
import type { CompletionKernel, Outcome } from "./completion-kernel.ts";
import type { Kind, OpenSocket, Operation, Result } from "./operation.ts";
import { openSocket, resultOf } from "./operation.ts";
import {
  type Completion,
  noListener,
  noStream,
  type Proactor,
  RECEIVE_SIZE,
  refuseEnded,
} from "./proactor.ts";
import { SocketTable } from "./socket-table.ts";

/** How long `end` waits for operations in flight. */
const LAST_WAIT_MS = 1000;

/**
 * Manages sockets, their operations, and the memory of the operations.
 *
 * ```text
 *   accept, recv, send ─► operation, with a block of memory ─► the kernel
 *                                                                │
 *   completion ◄─ block given back ◄─ its outcome, by its id ◄───┘
 *
 *   close ─► cancel what is in flight ─► the last outcome ─► close the descriptor ─► completion
 * ```
 *
 * A descriptor is closed only when it has nothing in flight. Otherwise its number might
 * belong to another socket by the time the kernel uses it.
 */
export class KernelProactor implements Proactor {
  readonly name: string;
  readonly #kernel: CompletionKernel;
  readonly #sockets: Sockets;
  readonly #open = new SocketTable<OpenSocket>();
  readonly #operations = new Slab<Operation>();
  readonly #blocks = new Blocks();
  /** What the next wait reports. */
  readonly #done: Completion[] = [];
  /** Blocks that the program may read until the next wait. */
  readonly #shown: Block[] = [];
  #sleep: Sleep | undefined;
  /** Any event in it is a wake. */
  readonly #wakes = new Events(1);
  #ended = false;

  /** @param kernel Takes ownership of it. */
  constructor(kernel: CompletionKernel, sockets: Sockets = systemSockets()) {
    this.name = kernel.name;
    this.#kernel = kernel;
    this.#sockets = sockets;
  }

  get inFlight(): number {
    return this.#operations.size;
  }

  get held(): number {
    return this.#blocks.held;
  }

  listen(host: string, port: number): Token {
    refuseEnded(this.#ended);
    const listener = TcpListener.listen(host, port, this.#sockets);
    try {
      this.#kernel.adopt(listener.fd);
    } catch (error) {
      listener.close();
      throw error;
    }
    return this.#open.add(openSocket(listener.fd, true));
  }

  localAddress(token: Token): Address {
    return this.#sockets.localAddress(this.#open.find(token).fd);
  }

  setNoDelay(token: Token, on: boolean): void {
    this.#sockets.setNoDelay(this.#stream(token).fd, on);
  }

  setUnsentLimit(token: Token, bytes: number): void {
    this.#sockets.setUnsentLimit(this.#stream(token).fd, bytes);
  }

  setResetOnClose(token: Token): void {
    this.#sockets.setResetOnClose(this.#stream(token).fd);
  }

  accept(listener: Token): void {
    this.#submit(this.#begin("accept", listener, 0));
  }

  recv(token: Token): void {
    this.#submit(this.#begin("recv", token, RECEIVE_SIZE));
  }

  send(token: Token, bytes: Uint8Array): void {
    const operation = this.#begin("send", token, bytes.length);
    operation.block?.bytes.set(bytes);
    this.#submit(operation);
  }

  shutdown(token: Token): void {
    if (this.#open.find(token).operations.has("send"))
      throw new Error("Cannot finish sending: a send is in flight");
    this.#sockets.shutdown(this.#stream(token).fd);
  }

  close(token: Token): void {
    const socket = this.#open.remove(token);
    socket.closing = true;
    for (const { id } of socket.operations.values()) this.#kernel.cancel(id);
    this.#closeWhenIdle(socket);
  }

  wait(timeout: number | null): Completion[] {
    refuseEnded(this.#ended);
    return this.#wait(timeout);
  }

  #wait(timeout: number | null): Completion[] {
    for (const block of this.#shown.splice(0)) this.#blocks.give(block);
    const wait = this.#done.length > 0 ? 0 : timeout;
    this.#wakes.clear();
    if (this.#sleep) this.#sleep.wait(this.#wakes, wait, this);
    else this.select(this.#wakes, wait);
    if (this.#wakes.length > 0) this.#done.push({ kind: "wake" });
    return this.#done.splice(0);
  }

  openWaker(): Waker {
    refuseEnded(this.#ended);
    if (this.#sleep) throw new Error("Cannot open a second waker: there is one already");
    const state = newSleepState();
    const handle = this.#kernel.openWake();
    this.#sleep = new Sleep(state, 0);
    return new Waker(handle, state);
  }

  /** For `Sleep`: waits like a selector in which nothing becomes ready. */
  select(_: Events, timeout: number | null): void {
    this.#kernel.wait(timeout, (id, outcome) => this.#complete(id, outcome));
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const { token } of this.#open) this.close(token);
    const end = performance.now() + LAST_WAIT_MS;
    while (this.inFlight > 0 && performance.now() < end) this.#wait(LAST_WAIT_MS);
    this.#sleep?.close();
    this.#kernel.close();
    // Leaks the memory rather than freeing what the kernel may still use.
    if (this.inFlight === 0) this.#blocks.close();
  }

  #stream(token: Token): OpenSocket {
    const socket = this.#open.find(token);
    if (socket.isListener) throw noStream(token);
    return socket;
  }

  #listener(token: Token): OpenSocket {
    const socket = this.#open.find(token);
    if (!socket.isListener) throw noListener(token);
    return socket;
  }

  #begin(kind: Kind, token: Token, size: number): Operation {
    const socket = kind === "accept" ? this.#listener(token) : this.#stream(token);
    if (socket.operations.has(kind)) {
      throw new Error(`Cannot ${kind}: the previous ${kind} is in flight`);
    }
    const block = kind === "accept" ? undefined : this.#blocks.take(size);
    const operation = { kind, socket, block, size, id: 0, sent: 0, tries: 0 };
    operation.id = this.#operations.add(operation);
    socket.operations.set(kind, operation);
    return operation;
  }

  #submit({ kind, socket: { fd }, block, id, size, sent }: Operation): void {
    const address = block?.address ?? 0;
    if (kind === "accept") this.#kernel.accept(id, fd);
    else if (kind === "recv") this.#kernel.recv(id, fd, address, size);
    else this.#kernel.send(id, fd, address + sent, size - sent);
  }

  #complete(id: Token, outcome: Outcome): void {
    const operation = this.#operations.get(id);
    if (operation === undefined) return;
    if (operation.socket.closing) {
      this.#finish(operation);
      // The listener is closed, so the client is not wanted.
      if (operation.kind === "accept" && outcome >= 0) this.#sockets.close(outcome);
      this.#closeWhenIdle(operation.socket);
      return;
    }
    let result: Result | "again" | undefined;
    try {
      result = resultOf(operation, outcome);
    } finally {
      // Even if that throws, because the operation is no longer in flight.
      if (result !== "again") this.#finish(operation);
    }
    if (result === "again") this.#submit(operation);
    else this.#report(operation, result);
  }

  /** Removes an operation. The program may read received bytes until the next wait. */
  #finish({ id, kind, socket, block }: Operation): void {
    this.#operations.remove(id);
    socket.operations.delete(kind);
    if (block === undefined) return;
    if (kind === "recv" && !socket.closing) this.#shown.push(block);
    else this.#blocks.give(block);
  }

  #report({ kind, socket: { token } }: Operation, result: Result): void {
    if (kind === "accept" && typeof result === "number") {
      this.#done.push({ kind, token, result: this.#open.add(openSocket(result)) });
    } else this.#done.push({ kind, token, result } as Completion);
  }

  #closeWhenIdle({ fd, token, operations }: OpenSocket): void {
    if (operations.size > 0) return;
    this.#sockets.close(fd);
    this.#done.push({ kind: "close", token });
  }
}
