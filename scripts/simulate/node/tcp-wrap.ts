// internalBinding("tcp_wrap"): the sockets beneath Node's net, on our kernel. It does what
// libuv does on Linux (deps/uv/src/unix/stream.c, tcp.c), as node::TCPWrap wraps it.
import type { Address, Endpoint } from "../kernel/endpoint.ts";
import type { Network } from "../kernel/network.ts";
import type { Handle, SimulatedProcess } from "../kernel/process.ts";
import { Acceptor } from "./acceptor.ts";
import type { Note } from "./acts.ts";
import { bytesOf, type Chunk, joined } from "./chunks.ts";
import { numberOf, UV } from "./errors.ts";
import { Incoming } from "./incoming.ts";
import { Outgoing } from "./outgoing.ts";
import { current } from "./running.ts";
import { READ, Request, STATE } from "./stream-wrap.ts";

export class TCP implements Handle {
  onread: ((bytes: ArrayBufferLike | undefined) => unknown) | undefined;
  onconnection: ((status: number, handle?: TCP) => void) | undefined;
  reading = false;
  bytesRead = 0;
  bytesWritten = 0;
  readonly isStreamBase = true;
  readonly #process: SimulatedProcess;
  readonly #network: Network;
  readonly #note: Note | undefined;
  #local: Address | undefined;
  #endpoint: Endpoint | undefined;
  #incoming: Incoming | undefined;
  #outgoing: Outgoing | undefined;
  #acceptor: Acceptor | undefined;
  /** The program's own buffer, into which we read. */
  #buffer: Uint8Array | undefined;
  #isConnecting = false;
  #isReferenced = true;
  #isClosed = false;

  constructor() {
    const { process, network, note } = current();
    this.#process = process;
    this.#network = network;
    this.#note = note;
    process.handles.add(this);
  }

  get isActive(): boolean {
    const waits = this.#isConnecting || this.#outgoing?.isBusy === true;
    const listens = this.#acceptor !== undefined || this.#incoming?.isReading === true;
    return this.#isReferenced && !this.#isClosed && (waits || listens);
  }

  // As in libuv, listen reports a port that is taken.
  bind(address: string, port: number): number {
    const free = port === 0 ? this.#network.freePort() : port;
    this.#local = addressOf(address, free);
    return 0;
  }

  bind6(address: string, port: number): number {
    return this.bind(address, port);
  }

  listen(backlog: number): number {
    this.#local ??= addressOf("0.0.0.0", this.#network.freePort());
    if (this.#isFull) return UV.UV_EMFILE;
    const listener = this.#network.listen(this.#local);
    if (listener === undefined) return UV.UV_EADDRINUSE;
    this.#process.openSockets += 1;
    listener.backlog = backlog;
    this.#acceptor = new Acceptor(listener, this.#process, (endpoint) => {
      const client = new TCP();
      client.#open(endpoint);
      this.#note?.("accepts", endpoint.remote.port);
      this.onconnection?.(0, client);
    });
    return 0;
  }

  connect(request: Request, address: string, port: number): number {
    if (this.#isFull) return UV.UV_EMFILE;
    const bound = this.#local;
    const isAny = bound === undefined || /^[0:.]+$/.test(bound.address);
    const ownPort = bound?.port ?? this.#network.freePort();
    const local = isAny ? addressOf(address, ownPort) : bound;
    this.#isConnecting = true;
    const made = (end: Endpoint) => {
      if (this.#isClosed) return;
      this.#isConnecting = false;
      const status = end.isRefused ? UV.UV_ECONNREFUSED : 0;
      this.#note?.(end.isRefused ? "is refused" : "connects", local.port);
      request.oncomplete(status, this, request, true, true);
    };
    this.#open(
      this.#network.connect(local, addressOf(address, port), (end) =>
        this.#process.later(() => made(end)),
      ),
    );
    return 0;
  }

  connect6(request: Request, address: string, port: number): number {
    return this.connect(request, address, port);
  }

  readStart(): number {
    if (this.#incoming === undefined) return UV.UV_ENOTCONN;
    if (!this.#isClosed) this.#incoming.start();
    return 0;
  }

  readStop(): number {
    this.#incoming?.stop();
    return 0;
  }

  /** For the option `onread` of a socket: each read overwrites the last one. */
  useUserBuffer(buffer: Uint8Array): void {
    this.#buffer = buffer;
  }

  writeBuffer(request: Request, bytes: Uint8Array): number {
    if (this.#outgoing === undefined || this.#isClosed) return UV.UV_EBADF;
    this.bytesWritten += bytes.length;
    this.#note?.("sends", this.#port, bytes);
    const status = this.#outgoing.write(request, bytes);
    if (status !== 0) this.#note?.("gets a reset", this.#port);
    return status;
  }

  writeUtf8String(request: Request, text: string): number {
    return this.writeBuffer(request, bytesOf(text));
  }

  writeLatin1String(request: Request, text: string): number {
    return this.writeBuffer(request, bytesOf(text, "latin1"));
  }

  writeAsciiString(request: Request, text: string): number {
    return this.writeBuffer(request, bytesOf(text, "latin1"));
  }

  /** @param chunks All Buffers; or chunks, each followed by its encoding. */
  writev(request: Request, chunks: Chunk[], allBuffers: boolean): number {
    return this.writeBuffer(request, joined(chunks, allBuffers));
  }

  shutdown(request: Request): number {
    if (this.#outgoing === undefined || this.#isClosed) return UV.UV_ENOTCONN;
    this.#note?.("finishes", this.#port);
    this.#outgoing.shutdown(request);
    return 0;
  }

  reset(closed?: () => void): number {
    this.#note?.("resets", this.#port);
    this.#endpoint?.close(true);
    this.close(closed);
    return 0;
  }

  close(closed?: () => void): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#incoming?.stop();
    if (this.#acceptor) this.#network.unlisten(this.#acceptor.close());
    if (this.#acceptor || this.#endpoint) this.#process.openSockets -= 1;
    if (this.#endpoint) this.#note?.("closes", this.#port);
    this.#endpoint?.close();
    this.#process.later(() => {
      this.#outgoing?.cancel();
      this.#process.handles.delete(this);
      closed?.call(this);
    });
  }

  getsockname(into: object): number {
    const local = this.#endpoint?.local ?? this.#local;
    if (local === undefined) return UV.UV_EINVAL;
    Object.assign(into, local);
    return 0;
  }

  getpeername(into: object): number {
    if (this.#endpoint === undefined) return UV.UV_ENOTCONN;
    Object.assign(into, this.#endpoint.remote);
    return 0;
  }

  ref(): void {
    this.#isReferenced = true;
  }

  unref(): void {
    this.#isReferenced = false;
  }

  hasRef(): boolean {
    return this.#isReferenced;
  }

  // These have no effect here: packets are not delayed for each other, and none are lost.
  setNoDelay = () => 0;
  setKeepAlive = () => 0;
  setSimultaneousAccepts = () => 0;
  getAsyncId = () => 0;

  get #isFull(): boolean {
    return this.#process.openSockets >= this.#process.descriptors;
  }

  /** The client's port, which identifies the connection at both of its ends. */
  get #port(): number {
    const { local, remote } = this.#endpoint ?? {};
    return Math.max(local?.port ?? 0, remote?.port ?? 0);
  }

  #open(endpoint: Endpoint): void {
    this.#process.openSockets += 1;
    this.#endpoint = endpoint;
    this.#outgoing = new Outgoing(this.#process, endpoint);
    this.#incoming = new Incoming(this.#process, endpoint, (got) => this.#take(got));
    if (this.#buffer) this.#incoming.most = this.#buffer.length;
  }

  #take(got: Uint8Array | string): void {
    if (typeof got === "string") {
      STATE[READ] = got === "end" ? UV.UV_EOF : numberOf(got);
      this.#note?.(got === "end" ? "gets the end" : "gets a reset", this.#port);
      this.onread?.(undefined);
      return;
    }
    this.bytesRead += got.length;
    STATE[READ] = got.length;
    this.#note?.("gets", this.#port, got);
    this.#buffer?.set(got);
    this.onread?.(this.#buffer ? undefined : got.buffer);
  }
}

export class TCPConnectWrap extends Request {}

function addressOf(address: string, port: number): Address {
  return { address, port, family: address.includes(":") ? "IPv6" : "IPv4" };
}
