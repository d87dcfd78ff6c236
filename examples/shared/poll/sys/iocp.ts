// Completions on Windows: overlapped operations on sockets, reported by a completion port.
import { type Block, Blocks } from "../completion/blocks.ts";
import type { CompletionKernel, Outcome } from "../completion/completion-kernel.ts";
import { type CFunction, library, SysError } from "../ffi.ts";
import { type WakeHandle, wholeMilliseconds } from "../readiness/selector.ts";
import type { Token } from "../token.ts";
import { CompletionPort, wakeByPosting } from "./completion-port.ts";
import { REQUEST, STATUS, WINSOCK, WSA } from "./layout-windows.ts";
import { posixError } from "./windows.ts";
import { WinSockets } from "./winsock.ts";

interface Request {
  readonly id: Token;
  readonly fd: number;
  /** Its OVERLAPPED and the rest of `REQUEST`. Lent to the kernel. */
  readonly block: Block;
  /** For an accept: the socket that will become the connection. */
  readonly client: number | undefined;
}

const MAX_COMPLETIONS = 256;

/**
 * ```text
 *   AcceptEx, WSARecv, WSASend   with an OVERLAPPED each ──► the kernel
 *   GetQueuedCompletionStatusEx  ◄── the address of the OVERLAPPED, which identifies it
 * ```
 *
 * Even an operation that succeeds at once is reported by the port. Source: Microsoft,
 * "Overlapped I/O and Completion Ports", AcceptEx, WSARecv, WSASend, CancelIoEx.
 */
export class IocpKernel implements CompletionKernel {
  readonly name = "iocp";
  readonly #port = new CompletionPort();
  readonly #sockets = new WinSockets();
  readonly #calls = overlappedCalls();
  readonly #errorOf = library("ntdll.dll").fn(
    "uint32_t RtlNtStatusToDosError(int32_t status)",
  );
  readonly #blocks = new Blocks();
  /** Requests that the kernel has, by address and by id. */
  readonly #byAddress = new Map<number, Request>();
  readonly #byId = new Map<Token, Request>();
  /** Outcomes of requests that the kernel refused at once, for the next wait. */
  #refused: { id: Token; outcome: Outcome }[] = [];
  /** Required by AcceptEx, and unused: the completion reports the same number. */
  readonly #count = new Uint32Array(1);

  adopt(fd: number): void {
    this.#port.associate("wait for a socket", fd);
  }

  accept(id: Token, fd: number): void {
    let client: number;
    try {
      client = this.#sockets.open();
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      this.#refused.push({ id, outcome: -Math.abs(error.errno) });
      return;
    }
    const { addresses, addressSize } = REQUEST;
    const { block } = this.#request(id, fd, client);
    const { address } = block;
    const into = address + addresses;
    const { acceptEx } = this.#calls;
    const size = addressSize;
    this.#checkStarted(
      id,
      acceptEx(fd, client, into, 0, size, size, this.#count, address) !== 0,
    );
  }

  recv(id: Token, fd: number, address: number, size: number): void {
    const { block } = this.#request(id, fd, undefined);
    const buffer = setBuffer(block, address, size);
    const flags = block.address + REQUEST.flags;
    const at = block.address;
    this.#checkStarted(id, this.#calls.recv(fd, buffer, 1, null, flags, at, null) === 0);
  }

  send(id: Token, fd: number, address: number, size: number): void {
    const { block } = this.#request(id, fd, undefined);
    const buffer = setBuffer(block, address, size);
    const at = block.address;
    this.#checkStarted(id, this.#calls.send(fd, buffer, 1, null, 0, at, null) === 0);
  }

  cancel(id: Token): void {
    const request = this.#byId.get(id);
    if (request) this.#calls.cancel(request.fd, request.block.address);
  }

  wait(timeout: number | null, complete: (id: Token, outcome: Outcome) => void): void {
    const refused = this.#refused;
    this.#refused = [];
    for (const { id, outcome } of refused) complete(id, outcome);
    const ms = refused.length > 0 ? 0 : wholeMilliseconds(timeout);
    const count = this.#port.wait(MAX_COMPLETIONS, ms);
    for (let index = 0; index < count; index += 1) {
      if (this.#port.isWake(index)) continue;
      const request = this.#byAddress.get(this.#port.addressOf(index));
      if (request === undefined) continue;
      this.#forget(request);
      const { id, client } = request;
      const status = this.#port.statusOf(index);
      if (status !== STATUS.SUCCESS)
        complete(id, this.#failed(request, this.#errorOf(status)));
      else if (client === undefined) complete(id, this.#port.bytesOf(index));
      else complete(id, this.#accepted(request, client));
    }
  }

  openWake(): WakeHandle {
    // The AFD poller waits on a completion port, too, and is woken in the same way.
    return wakeByPosting({ poller: "afd", handle: this.#port.handle });
  }

  close(): void {
    this.#port.close();
    if (this.#byId.size === 0) this.#blocks.close();
  }

  #request(id: Token, fd: number, client: number | undefined): Request {
    const block = this.#blocks.take(REQUEST.size);
    block.bytes.fill(0);
    const request = { id, fd, block, client };
    this.#byAddress.set(block.address, request);
    this.#byId.set(id, request);
    return request;
  }

  #forget({ id, block }: Request): void {
    this.#byAddress.delete(block.address);
    this.#byId.delete(id);
    this.#blocks.give(block);
  }

  /** Queues the outcome if the call was refused at once: the port does not report that. */
  #checkStarted(id: Token, succeeded: boolean): void {
    const error = succeeded ? 0 : this.#calls.lastError();
    if (succeeded || error === WSA.ERROR_IO_PENDING) return;
    const request = this.#byId.get(id);
    if (request === undefined) return;
    this.#forget(request);
    this.#refused.push({ id, outcome: this.#failed(request, error) });
  }

  /** @param error A Windows error code. */
  #failed({ client }: Request, error: number): Outcome {
    if (client !== undefined) this.#sockets.close(client);
    // An error that has no POSIX name is negative already.
    return -Math.abs(posixError(error));
  }

  /** Gives a connection its listener's properties and our port: AcceptEx sets neither. */
  #accepted({ fd }: Request, client: number): Outcome {
    const listener = BigInt64Array.of(BigInt(fd));
    const { SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT } = WINSOCK;
    this.#calls.set(client, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, listener, 8);
    this.#port.associate("wait for a socket", client);
    return client;
  }
}

/** Writes a WSABUF. @returns Its address. */
function setBuffer({ address, bytes }: Block, memory: number, size: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  view.setUint32(REQUEST.bufferLength, size, true);
  view.setBigUint64(REQUEST.bufferPointer, BigInt(memory), true);
  return address + REQUEST.bufferLength;
}

type Calls = Record<
  "acceptEx" | "recv" | "send" | "cancel" | "set" | "lastError",
  CFunction
>;

function overlappedCalls(): Calls {
  const { fn } = library("ws2_32.dll");
  return {
    acceptEx: library("mswsock.dll").fn(
      "int AcceptEx(intptr_t listener, intptr_t client, intptr_t into, uint32_t, uint32_t, uint32_t, void *count, intptr_t overlapped)",
    ),
    recv: fn(
      "int WSARecv(intptr_t socket, intptr_t buffers, uint32_t, void *, intptr_t flags, intptr_t overlapped, void *)",
    ),
    send: fn(
      "int WSASend(intptr_t socket, intptr_t buffers, uint32_t, void *, uint32_t flags, intptr_t overlapped, void *)",
    ),
    set: fn("int setsockopt(intptr_t socket, int, int, void *value, int size)"),
    cancel: library("kernel32.dll").fn(
      "int CancelIoEx(intptr_t file, intptr_t overlapped)",
    ),
    lastError: fn("int WSAGetLastError()"),
  };
}
