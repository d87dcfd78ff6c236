// internalBinding("tcp_wrap"): the sockets that Node's net stands on, over our kernel. It does
// what libuv does on Linux (deps/uv/src/unix/stream.c, tcp.c), as node::TCPWrap wraps it.
import type { Address, Endpoint } from "../kernel/endpoint.ts";
import type { Listener, Network } from "../kernel/network.ts";
import type { Handle, SimulatedProcess } from "../kernel/process.ts";
import { numberOf, UV } from "./errors.ts";
import { Outgoing } from "./outgoing.ts";
import { current } from "./running.ts";
import { READ, Request, STATE } from "./stream-wrap.ts";

/** The most bytes that libuv reads at once. */
const CHUNK = 65536;
const UTF8 = new TextEncoder();

export class TCP implements Handle {
  onread: ((bytes: ArrayBufferLike | undefined) => unknown) | undefined;
  onconnection: ((status: number, handle?: TCP) => void) | undefined;
  reading = false;
  bytesRead = 0;
  bytesWritten = 0;
  readonly isStreamBase = true;
  readonly #process: SimulatedProcess;
  readonly #network: Network;
  #local: Address | undefined;
  #endpoint: Endpoint | undefined;
  #outgoing: Outgoing | undefined;
  #listener: Listener | undefined;
  #isReading = false;
  /** A turn was asked for that will read, or accept. */
  #isWoken = false;
  #isConnecting = false;
  #isReferenced = true;
  #isClosed = false;

  constructor() {
    const { process, network } = current();
    this.#process = process;
    this.#network = network;
    process.handles.add(this);
  }

  get isActive(): boolean {
    const waits = this.#isConnecting || this.#outgoing?.isBusy === true;
    const listens = this.#listener !== undefined || this.#isReading;
    return this.#isReferenced && !this.#isClosed && (waits || listens);
  }

  // As libuv: a port that is taken is reported by listen.
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
    this.#listener = listener;
    listener.backlog = backlog;
    listener.onReadable = () => this.#wake();
    return 0;
  }

  connect(request: Request, address: string, port: number): number {
    if (this.#isFull) return UV.UV_EMFILE;
    const local = addressOf(address, this.#network.freePort());
    this.#isConnecting = true;
    const made = (end: Endpoint) => {
      if (this.#isClosed) return;
      this.#isConnecting = false;
      const status = end.isRefused ? UV.UV_ECONNREFUSED : 0;
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
    if (this.#endpoint === undefined) return UV.UV_ENOTCONN;
    this.#isReading = true;
    if (this.#endpoint.isReadable) this.#wake();
    return 0;
  }

  readStop(): number {
    this.#isReading = false;
    return 0;
  }

  writeBuffer(request: Request, bytes: Uint8Array): number {
    if (this.#outgoing === undefined || this.#isClosed) return UV.UV_EBADF;
    this.bytesWritten += bytes.length;
    return this.#outgoing.write(request, bytes);
  }

  writeUtf8String(request: Request, text: string): number {
    return this.writeBuffer(request, UTF8.encode(text));
  }

  writeLatin1String(request: Request, text: string): number {
    return this.writeBuffer(request, Uint8Array.from(text, (c) => c.charCodeAt(0)));
  }

  writeAsciiString(request: Request, text: string): number {
    return this.writeLatin1String(request, text);
  }

  /** @param chunks Buffers; unless all are, each followed by its encoding. */
  writev(request: Request, chunks: (Uint8Array | string)[], allBuffers: boolean): number {
    const parts = allBuffers ? chunks : chunks.filter((_, index) => index % 2 === 0);
    const bytes = parts.map((one) => (typeof one === "string" ? UTF8.encode(one) : one));
    const all = new Uint8Array(bytes.reduce((sum, { length }) => sum + length, 0));
    let offset = 0;
    for (const part of bytes) {
      all.set(part, offset);
      offset += part.length;
    }
    return this.writeBuffer(request, all);
  }

  shutdown(request: Request): number {
    if (this.#outgoing === undefined || this.#isClosed) return UV.UV_ENOTCONN;
    this.#outgoing.shutdown(request);
    return 0;
  }

  reset(closed?: () => void): number {
    this.#endpoint?.close(true);
    this.close(closed);
    return 0;
  }

  close(closed?: () => void): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#isReading = false;
    if (this.#listener) this.#network.unlisten(this.#listener);
    if (this.#listener || this.#endpoint) this.#process.openSockets -= 1;
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

  // What these ask for changes nothing here: no packet waits for another, and none is lost.
  setNoDelay = () => 0;
  setKeepAlive = () => 0;
  setSimultaneousAccepts = () => 0;
  getAsyncId = () => 0;

  get #isFull(): boolean {
    return this.#process.openSockets >= this.#process.descriptors;
  }

  #open(endpoint: Endpoint): void {
    this.#process.openSockets += 1;
    this.#endpoint = endpoint;
    this.#outgoing = new Outgoing(this.#process, endpoint);
    endpoint.onReadable = () => {
      if (this.#isReading) this.#wake();
    };
  }

  #wake(): void {
    if (this.#isWoken) return;
    this.#isWoken = true;
    const wire = this.#endpoint?.inner ?? this.#listener?.inner;
    wire?.wake(this.#process, () => {
      this.#isWoken = false;
      if (this.#isClosed) return;
      if (this.#listener) this.#accept(this.#listener);
      else if (this.#endpoint && this.#isReading) this.#read(this.#endpoint);
    });
  }

  #accept(listener: Listener): void {
    const endpoint = listener.waiting.shift();
    if (endpoint === undefined) return;
    if (listener.waiting.length > 0) this.#wake();
    // As libuv's uv__emfile_trick: without a descriptor the connection is closed at once.
    if (this.#isFull) return endpoint.close();
    const client = new TCP();
    client.#open(endpoint);
    this.onconnection?.(0, client);
  }

  #read(endpoint: Endpoint): void {
    const got = endpoint.read(CHUNK);
    if (got === "again") return;
    if (typeof got === "string") {
      this.#isReading = false;
      STATE[READ] = got === "end" ? UV.UV_EOF : numberOf(got);
      this.onread?.(undefined);
      return;
    }
    this.bytesRead += got.length;
    STATE[READ] = got.length;
    this.onread?.(got.buffer);
    if (this.#isReading && endpoint.isReadable) this.#wake();
  }
}

export class TCPConnectWrap extends Request {}

function addressOf(address: string, port: number): Address {
  return { address, port, family: address.includes(":") ? "IPv6" : "IPv4" };
}
