// A network in memory, with sockets and pollers like the kernel's. Every delay, short read
// and reset comes from a seed, so a failure is reproducible.
import { constants } from "node:os";
import { SysError } from "../../../examples/shared/poll/ffi.ts";
import type { Ready } from "../../../examples/shared/poll/readiness/events.ts";
import { Poll } from "../../../examples/shared/poll/readiness/poll.ts";
import type { Selector } from "../../../examples/shared/poll/readiness/selector.ts";
import type {
  Accepted,
  Address,
  Read,
  Sockets,
  Written,
} from "../../../examples/shared/poll/sockets.ts";
import { DescriptorTable } from "./descriptor-table.ts";
import { FaultSource, type Faults } from "./fault-source.ts";
import { SimulatedSelector, type World } from "./selector.ts";
import { nextAfter, readyOf, Stream } from "./socket.ts";

/** Bytes that are buffered per direction. */
const CAPACITY = 65536;

/**
 * TCP on one machine. `TcpListener.listen(host, port, network)` and `TcpStream.connect(…)`
 * take it in place of the system's sockets, and `openPoll` opens a poll for them. Its clock
 * stands still while a program runs, and jumps ahead when the program waits.
 */
export class SimulatedNetwork implements Sockets, World {
  readonly #faults: FaultSource;
  readonly #table: DescriptorTable;
  #now = 0;
  #nextPort = 49152;

  /** @param limit The number of descriptors; beyond it `accept` returns "full". */
  constructor(seed: number, faults: Faults = {}, limit = 65536) {
    this.#faults = new FaultSource(seed, faults);
    this.#table = new DescriptorTable(limit);
  }

  /** Milliseconds since the network was created. */
  get now(): number {
    return this.#now;
  }

  /** The number of open sockets. */
  get size(): number {
    return this.#table.size;
  }

  openSelector(): Selector {
    return new SimulatedSelector(this);
  }

  openPoll(): Poll {
    return new Poll(this.openSelector());
  }

  has(fd: number): boolean {
    return this.#table.has(fd);
  }

  ready(fd: number): Ready {
    return readyOf(this.#table.find(fd), this.#now);
  }

  nextChange(fds: Iterable<number>): number {
    let next = Number.POSITIVE_INFINITY;
    for (const fd of fds)
      next = Math.min(next, nextAfter(this.#table.find(fd), this.#now));
    return next;
  }

  advanceTo(time: number): void {
    this.#now = Math.max(this.#now, time);
  }

  open(): number {
    return this.#table.add("open a socket", { kind: "blank", port: 0 });
  }

  setReusePort(): void {
    throw new SysError("share a port", constants.errno.ENOPROTOOPT);
  }

  bind(fd: number, host: string, port: number): void {
    const taken = this.#table.listenerAt(port);
    if (taken)
      throw new SysError(`take ${host} port ${port}`, constants.errno.EADDRINUSE);
    const socket = this.#table.find(fd);
    if (socket.kind === "blank") socket.port = port === 0 ? this.#nextPort++ : port;
  }

  listen(fd: number): void {
    const { port } = this.#table.find(fd);
    this.#table.replace(fd, { kind: "listener", port, waiting: [] });
  }

  accept(fd: number): Accepted {
    const socket = this.#table.find(fd);
    if (socket.kind !== "listener") throw new SysError("accept", constants.errno.EINVAL);
    const [first] = socket.waiting;
    if (first === undefined || first.at > this.#now || this.#faults.blocks())
      return "blocked";
    if (this.#table.full) return "full";
    socket.waiting.shift();
    return this.#table.add("accept", first.stream);
  }

  connect(fd: number, _host: string, port: number): "connecting" {
    const at = this.#arrival();
    const client = new Stream(this.#nextPort++, at, CAPACITY);
    this.#table.replace(fd, client);
    const listener = this.#table.listenerAt(port);
    if (!listener) client.fail("ECONNREFUSED", at);
    else {
      const server = new Stream(port, at, CAPACITY);
      server.outbox = client.inbox;
      client.outbox = server.inbox;
      server.peer = client;
      client.peer = server;
      listener.waiting.push({ stream: server, at });
      listener.waiting.sort((a, b) => a.at - b.at);
    }
    return "connecting";
  }

  recv(fd: number, into: Uint8Array): Read {
    const stream = this.#table.stream(fd);
    if (this.#fails(stream)) {
      // As in a kernel: the error once, and then the end.
      if (stream.failureTaken) return "end";
      stream.failureTaken = true;
      return "reset";
    }
    if (!stream.inbox.hasArrived(this.#now)) {
      return stream.inbox.endAt <= this.#now ? "end" : "blocked";
    }
    if (this.#faults.blocks()) return "blocked";
    return stream.inbox.recv(into.subarray(0, this.#faults.part(into.length)), this.#now);
  }

  send(fd: number, bytes: Uint8Array): Written {
    const stream = this.#table.stream(fd);
    if (this.#fails(stream)) return "reset";
    const { room, endAt } = stream.outbox;
    if (endAt < Number.POSITIVE_INFINITY) return "reset";
    if (stream.connectedAt > this.#now || room === 0 || this.#faults.blocks())
      return "blocked";
    const count =
      bytes.length === 0 ? 0 : this.#faults.part(Math.min(bytes.length, room));
    stream.outbox.send(bytes.subarray(0, count), this.#arrival());
    // The peer is closed: it answers with a reset.
    if (stream.peer?.closed) stream.fail("ECONNRESET", this.#arrival());
    return count;
  }

  shutdown(fd: number): void {
    this.#table.stream(fd).outbox.finish(this.#arrival());
  }

  takeError(fd: number): SysError | undefined {
    const stream = this.#table.stream(fd);
    if (stream.failsAt > this.#now || stream.failureTaken) return undefined;
    stream.failureTaken = true;
    return new SysError("use the connection", constants.errno[stream.failure]);
  }

  localAddress(fd: number): Address {
    return { host: "127.0.0.1", port: this.#table.find(fd).port };
  }

  peerAddress(fd: number): Address | undefined {
    const { peer } = this.#table.stream(fd);
    return peer && { host: "127.0.0.1", port: peer.port };
  }

  setKeepAlive(): void {}

  setNoDelay(): void {}

  setUnsentLimit(): void {}

  setBuffers(fd: number, receive: number, send: number): void {
    const stream = this.#table.stream(fd);
    stream.inbox.capacity = receive;
    stream.outbox.capacity = send;
  }

  setResetOnClose(fd: number): void {
    this.#table.stream(fd).resetOnClose = true;
  }

  close(fd: number): void {
    const socket = this.#table.find(fd);
    this.#table.replace(fd, undefined);
    const streams = socket.kind === "listener" ? socket.waiting : [{ stream: socket }];
    for (const { stream } of streams) {
      if (stream.kind !== "stream") continue;
      stream.closed = true;
      // A socket with unread bytes, or with resetOnClose, sends a reset (RFC 2525, 2.17).
      const unread = stream.inbox.hasArrived(this.#now) || socket.kind === "listener";
      const at = this.#arrival();
      if (unread || stream.resetOnClose) stream.peer?.fail("ECONNRESET", at);
      else stream.outbox.finish(at);
    }
  }

  #fails(stream: Stream): boolean {
    if (this.#faults.resets()) {
      stream.fail("ECONNRESET", this.#now);
      stream.peer?.fail("ECONNRESET", this.#arrival());
    }
    return stream.failsAt <= this.#now;
  }

  #arrival(): number {
    return this.#now + this.#faults.delay();
  }
}
